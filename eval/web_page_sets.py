"""Public sets of saved web pages, and what each states as the main text of its pages, in one of four forms.

- A file beside each page that has its main text alone (`expected.html`, as in the tests of
  mozilla/readability).
- A JSON object whose values have a `file` and phrases: `with` those of the main text, `without` others
  (as in the evaluation of adbar/trafilatura).
- A JSON object of page names whose values have an `articleBody` (as in scrapinghub's benchmark).
- A folder of JSON files, each with the `main_content` of the page with the same name (as in WCXB).
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from articleqa.loaders.elements import blocks_of_elements

SHINGLE = 4
"""Words of a shingle, as in scrapinghub's benchmark."""

FIELDS = ("title", "author", "date")


class Gold(NamedTuple):
    """A page, and what is stated about it: its text or phrases, and its metadata."""

    name: str
    path: Path
    text: str | None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    metadata: Mapping[str, str] = {}

    def data(self) -> bytes:
        """Return the page as it was saved."""
        data = self.path.read_bytes()
        return gzip.decompress(data) if self.path.suffix == ".gz" else data


def half_of(name: str) -> str:
    """Return the half of a page: A, on which constants are tuned, or B, which only reports."""
    return "AB"[crc32(name.encode()) % 2]


def golds_of(pages: Path, gold: str) -> list[Gold]:
    """Return the pages in the folder `pages` whose main text `gold` states in one of the four forms."""
    if Path(gold).is_dir():
        return [
            each for path in sorted(Path(gold).glob("*.json")) if (each := _of_file(path, pages)) is not None
        ]
    if not Path(gold).is_file():
        return [_beside(path, gold) for path in sorted(pages.rglob("source.html"))]
    stated: dict[str, Any] = json.loads(Path(gold).read_text(encoding="utf-8"))
    files = {path.name: path for path in sorted(pages.rglob("*")) if path.is_file()}
    return [_of_json(name, each, files) for name, each in sorted(stated.items())]


def _beside(path: Path, gold: str) -> Gold:
    beside = path.with_name("expected-metadata.json")
    known = json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else {}
    named = {"title": "title", "author": "byline", "date": "publishedTime"}
    metadata = {field: str(known.get(key) or "") for field, key in named.items()}
    text = text_of_markup(path.with_name(gold).read_text(encoding="utf-8"))
    return Gold(path.parent.name, path, text, metadata=metadata)


def _of_json(name: str, stated: Mapping[str, Any], files: Mapping[str, Path]) -> Gold:
    metadata = {field: str(stated.get(field) or "") for field in FIELDS}
    if "articleBody" in stated:
        path = files.get(f"{name}.html.gz") or files[f"{name}.html"]
        return Gold(name, path, stated["articleBody"], metadata=metadata)
    phrases = tuple(stated["with"]), tuple(stated["without"])
    return Gold(stated["file"], files[stated["file"]], None, *phrases, metadata)


def _of_file(path: Path, pages: Path) -> Gold | None:
    """Return the gold in a file; None if it states no main text."""
    stated = json.loads(path.read_text(encoding="utf-8"))["ground_truth"]
    named = {"title": "title", "author": "author", "date": "publish_date"}
    metadata = {field: str(stated.get(key) or "") for field, key in named.items()}
    text = stated.get("main_content")
    page = pages / f"{path.stem}.html.gz"
    page = page if page.is_file() else pages / f"{path.stem}.html"
    return Gold(path.stem, page, text, metadata=metadata) if text else None


def text_of_markup(markup: str) -> str:
    """Return the text of some HTML, with each block on a line of its own."""
    from lxml import html

    root = html.document_fromstring(markup.encode(), parser=html.HTMLParser(encoding="utf-8"))
    for comment in root.xpath("//comment() | //processing-instruction()"):
        comment.drop_tree()
    return "\n".join(block.text for block in blocks_of_elements(root))


def words_of(text: str) -> list[str]:
    """Return the words of `text` in small letters."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the shingles of `text`, or all of its words if they are fewer."""
    words = words_of(text)
    if 0 < len(words) < SHINGLE:
        return Counter([tuple(words)])
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
