"""Compare indexing mixed files with extraction by the libraries alone: `python -m benchmarks.formats 1000`.

The files are copies of those in tests/fixtures/formats, as many as asked for, each with a name of its own.
One side is `articleqa index add` as a library call, into a new index on disk. The other side passes the same
bytes, file by file, to the library that each loader is built on, and asks it for all of the text.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from articleqa import ArticleIndex
from articleqa.loaders.api import articles_of, find_files
from articleqa.loaders.protocol import Fields
from articleqa.loaders.sandbox import load_files

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ROOT / "tests" / "fixtures" / "formats"
KINDS = ("html", "pdf", "pdf-columns", "docx", "odt", "epub", "txt", "md")


def mixed_files(folder: Path, count: int) -> list[Path]:
    """Copy the fixtures into `folder` until it has `count` files; return their paths."""
    sources = [path for kind in KINDS for path in sorted((FORMATS / kind).iterdir())]
    made: list[Path] = []
    for number in range(count):
        source = sources[number % len(sources)]
        made.append(folder / f"{number:05}{source.suffix}")
        shutil.copy(source, made[-1])
    return made


def _html(data: bytes) -> str:
    import trafilatura

    return str(trafilatura.extract(data) or "")


def _pdf(data: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def _docx(data: bytes) -> str:
    import docx

    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def _in_zip(data: bytes, suffix: str) -> str:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.endswith(suffix)]
    return "\n".join("".join(etree.fromstring(part).itertext()) for part in parts)


ALONE: dict[str, Callable[[bytes], str]] = {
    ".html": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".odt": lambda data: _in_zip(data, "content.xml"),
    ".epub": lambda data: _in_zip(data, ".xhtml"),
    ".txt": bytes.decode,
    ".md": bytes.decode,
}


def libraries_alone(files: list[Path]) -> dict[str, float]:
    """Return the seconds that the libraries alone take for the files of each suffix."""
    seconds: dict[str, float] = dict.fromkeys(ALONE, 0.0)
    for suffix, extract in ALONE.items():  # import first: not part of extracting
        extract(next(file for file in files if file.suffix == suffix).read_bytes())
    for file in files:
        start = time.perf_counter()
        ALONE[file.suffix](file.read_bytes())
        seconds[file.suffix] += time.perf_counter() - start
    return seconds


def index_all(folder: Path, kb: Path) -> tuple[int, float]:
    """Load and index a folder's files, as `articleqa index add` does; return their number and the seconds."""
    start = time.perf_counter()
    index = ArticleIndex.create(kb)
    loaded = load_files(find_files([folder]), Fields())
    changes = index.add(article for each in loaded for article in articles_of(each))
    return changes.added, time.perf_counter() - start


def main() -> None:
    """Make the files, and print how long both sides take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="?", type=int, default=1000)
    count = parser.parse_args().files
    with tempfile.TemporaryDirectory(prefix="formats-") as made:
        folder = Path(made, "files")
        folder.mkdir()
        files = mixed_files(folder, count)
        alone = libraries_alone(files)
        added, seconds = index_all(folder, Path(made, "kb"))
    counts = Counter(file.suffix for file in files)
    for suffix, took in alone.items():
        print(f"{suffix:6}{counts[suffix]:>6} files, by its library alone {took:>7.1f} s")
    total = sum(alone.values())
    print(f"indexed: {added} articles in {seconds:.1f} s, {added / seconds:.0f} a second")
    print(f"indexed / the libraries alone ({total:.1f} s): {seconds / total:.2f}")


if __name__ == "__main__":
    main()
