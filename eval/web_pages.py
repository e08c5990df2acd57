"""Score the text of web pages against a public set, beside trafilatura and readability-lxml alone.

    python eval/web_pages.py --pages DIR --gold FILE [--tool NAME]... [--half A|B] [--worst N]

FILE says what is the main text of each page; eval/web_page_sets.py has the forms that it may have.

Against a whole text, precision and recall count shingles of four words, and each page weighs the same.
Against phrases, they count phrases. Only the sentences of articleqa that can answer count; another row
counts all of its text, as for the other tools: headings and cited works too, but not the title, which is
stated apart. Each set is cut in two by a hash of the pages' names: the model of articleqa is fitted to half A
of two sets, and constants are tuned on half A only. Also prints how often title, author and date of
publication are the stated ones, and the processor time for each page: that of reading it, without what a tool
loads at its first page and without cutting the text into sentences.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click
from web_page_sets import FIELDS, Gold, golds_of, half_of, shingles, text_of_markup

from articleqa.dates import day_number
from articleqa.loaders.elements import letters
from articleqa.loaders.html import load_html
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.models import Article, Block, BlockKind
from articleqa.passages import passages_of


class Read(NamedTuple):
    """What a tool reads from a page."""

    text: str
    metadata: Mapping[str, str]
    seconds: float


@click.command()
@click.option("--pages", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--gold", required=True, help="A file, a folder, or the name of the file beside each page.")
@click.option("--tool", "tools", multiple=True, help="Only these; by default all that are installed.")
@click.option("--half", type=click.Choice(["A", "B"]), help="Only the pages of one half.")
@click.option("--worst", default=0, help="Also print the pages with the lowest F1 of each tool.")
@click.option("--processes", default=2, show_default=True)
def main(
    pages: Path, gold: str, tools: tuple[str, ...], half: str | None, worst: int, processes: int
) -> None:
    """Print precision, recall and F1 of each tool on the pages of a public set."""
    golds = [each for each in golds_of(pages, gold) if half in (None, half_of(each.name))]
    click.echo(f"{len(golds)} pages, {sum(half_of(each.name) == 'A' for each in golds)} of them in half A")
    click.echo(f"{'':28}{'all':>17}{'half A':>19}{'half B':>19}   right of stated")
    click.echo(
        f"{'':28}{'P    R    F1':>17}{'P    R    F1':>19}{'P    R    F1':>19}   title author date  s/page"
    )
    with ProcessPoolExecutor(processes) as pool:
        for tool in tools or TOOLS:
            read = list(pool.map(partial(_read, tool), golds, chunksize=4))
            _print_row(tool, golds, read)
            _print_worst(golds, read, worst)


def _print_row(tool: str, golds: Sequence[Gold], read: Sequence[Read]) -> None:
    counts = [_counts(gold, found.text) for gold, found in zip(golds, read, strict=True)]
    halves = [
        [count for gold, count in zip(golds, counts, strict=True) if half_of(gold.name) in half]
        for half in ("AB", "A", "B")
    ]
    scores = "  ".join(" ".join(f"{score:.3f}" for score in _scores(half)) for half in halves)
    right = [_right(field, golds, read) for field in FIELDS]
    seconds = sum(found.seconds for found in read) / max(1, len(read))
    click.echo(f"{tool:28}{scores}   {'  '.join(right)}  {seconds:.3f}")


def _print_worst(golds: Sequence[Gold], read: Sequence[Read], most: int) -> None:
    scored = [
        (_scores([_counts(gold, found.text)]), gold.name) for gold, found in zip(golds, read, strict=True)
    ]
    for (precision, recall, f1), name in sorted(scored, key=lambda each: (each[0][2], each[1]))[:most]:
        click.echo(f"    {f1:.3f} P {precision:.3f} R {recall:.3f} {name}")


def _scores(counts: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    right, extra, lost = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    precision = right / (right + extra) if right else 0.0
    recall = right / (right + lost) if right else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def _counts(gold: Gold, text: str) -> tuple[float, float, float]:
    """Return what of a text is right, what is extra and what is lost."""
    if gold.text is None:
        found = _spaced(text)
        right = sum(_spaced(phrase) in found for phrase in gold.wanted)
        extra = sum(_spaced(phrase) in found for phrase in gold.unwanted)
        return right, extra, len(gold.wanted) - right
    stated, given = shingles(gold.text), shingles(text)
    right = (stated & given).total()
    extra, lost = given.total() - right, stated.total() - right
    total = max(1, right + extra + lost)
    return right / total, extra / total, lost / total


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _right(field: str, golds: Sequence[Gold], read: Sequence[Read]) -> str:
    pairs = [
        (gold.metadata[field], found.metadata.get(field, ""))
        for gold, found in zip(golds, read, strict=True)
        if gold.metadata.get(field)
    ]
    if field == "date":
        return f"{sum(day_number(stated) == day_number(found) for stated, found in pairs)}/{len(pairs)}"
    return f"{sum(_alike(stated, found) for stated, found in pairs)}/{len(pairs)}"


def _alike(stated: str, found: str) -> bool:
    """Return whether two titles or lists of authors have the same words, in any order and case."""
    first, second = (sorted(re.findall(r"\w+", text.casefold())) for text in (stated, found))
    return first == second


def _read(tool: str, gold: Gold) -> Read:
    data = gold.data()
    read, said = TOOLS[tool]
    _load(tool, data)
    start = time.process_time()
    found = read(data)
    seconds = time.process_time() - start
    return Read(*said(data, found), seconds)


_loaded: set[str] = set()


def _load(tool: str, data: bytes) -> None:
    """Read a first page that is not timed: libraries load much of themselves when they are first used."""
    if tool not in _loaded:
        _loaded.add(tool)
        TOOLS[tool][0](data)


def _article(data: bytes) -> Article | None:
    try:
        return load_html(data, "page", "page")
    except UnreadableDataError:
        return None


def _answering(
    data: bytes, article: Article | None, *, captions: bool = True, whole: bool = False
) -> tuple[str, Mapping[str, str]]:
    if article is None:
        return "", {}
    spans = {s for p in passages_of(article) for s in p.sentence_spans}
    if whole:
        spans = {block.span for block in article.blocks or () if not _is_title(block, article)}
    sentences = [span.of(article.text) for span in sorted(spans, key=lambda span: span.start)]
    if not captions:
        stated = {_spaced(text) for text in _captions(data)}
        sentences = [s for s in sentences if not any(_spaced(s) in caption for caption in stated)]
    metadata = {"title": article.title} | {key: str(article.metadata.get(key, "")) for key in FIELDS[1:]}
    return "\n".join(sentences), metadata


def _is_title(block: Block, article: Article) -> bool:
    is_heading = block.kind is BlockKind.HEADING
    return is_heading and letters(block.span.of(article.text)) == letters(article.title)


def _captions(data: bytes) -> list[str]:
    from trafilatura.utils import load_html as parsed

    page = parsed(data)
    return [] if page is None else [str(each.text_content()) for each in page.iterdescendants("figcaption")]


def _trafilatura(data: bytes) -> Any:
    import trafilatura

    return trafilatura.bare_extraction(data, include_comments=False, with_metadata=True)


def _of_document(data: bytes, found: Any) -> tuple[str, Mapping[str, str]]:
    if found is None:
        return "", {}
    return found.text or "", {field: str(getattr(found, field) or "") for field in FIELDS}


def _readability(data: bytes) -> tuple[str, str]:
    from readability import Document
    from trafilatura.utils import decode_file

    document = Document(decode_file(data))
    return document.summary(), document.short_title()


def _of_summary(data: bytes, found: tuple[str, str]) -> tuple[str, Mapping[str, str]]:
    return text_of_markup(found[0]), {"title": found[1]}


TOOLS: dict[str, tuple[Callable[[bytes], Any], Callable[[bytes, Any], tuple[str, Mapping[str, str]]]]] = {
    "articleqa": (_article, _answering),
    "articleqa without captions": (_article, partial(_answering, captions=False)),
    "articleqa, all of its text": (_article, partial(_answering, whole=True)),
    "trafilatura": (_trafilatura, _of_document),
    "readability-lxml": (_readability, _of_summary),
}
"""Of each tool, what reads a page, which is timed, and what gives the text and metadata of what it read."""


if __name__ == "__main__":
    main()
