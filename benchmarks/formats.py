"""Compare indexing mixed files with the libraries alone, and with another version.

    python -m benchmarks.formats 1000 --former CHECKOUT

The files are copies of those in tests/fixtures/formats, as many as asked for, each with a name of its own.
One side is the command `articleqa index add`, into a new index. The other side passes the same bytes, file by
file, to the library that each loader is built on, and asks it for all of the text. `--former` runs the
command of another checkout too, in turns. Each version is then asked twice about the folder: the second look
reads no file.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

QUESTION = "When was the harbour built?"
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
    """Return the processor seconds that the libraries alone take for the files of each suffix."""
    seconds: dict[str, float] = dict.fromkeys(ALONE, 0.0)
    for suffix, extract in ALONE.items():  # import first: not part of extracting
        extract(next(file for file in files if file.suffix == suffix).read_bytes())
    for file in files:
        start = time.process_time()
        ALONE[file.suffix](file.read_bytes())
        seconds[file.suffix] += time.process_time() - start
    return seconds


class Cost(NamedTuple):
    """Seconds on the clock, and seconds of processor time of a command and all of its processes."""

    clock: float
    processor: float


def run(checkout: Path, cache: Path, *arguments: str | Path) -> Cost:
    """Run the command of a checkout, with a cache folder of its own."""
    changed = {"PYTHONPATH": str(checkout / "src"), "XDG_CACHE_HOME": str(cache)}
    environment = {**os.environ, **changed}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    start, before = time.perf_counter(), os.times()
    subprocess.run(
        [sys.executable, "-m", "articleqa", *map(str, arguments)],
        check=True,
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    clock, after = time.perf_counter() - start, os.times()
    return Cost(clock, sum(after[2:4]) - sum(before[2:4]))


def compare(
    folder: Path, scratch: Path, checkouts: dict[str, Path], rounds: int
) -> dict[str, dict[str, Cost]]:
    """Return the least that each command cost each checkout; other work on the machine only adds to it."""
    least: dict[str, dict[str, Cost]] = {name: {} for name in checkouts}
    for number in range(rounds):
        for name, checkout in checkouts.items():
            cache = scratch / f"cache-{name}-{number}"
            commands: dict[str, tuple[str | Path, ...]] = {
                "index add": ("index", "add", scratch / f"kb-{name}-{number}", folder),
                "first look": (QUESTION, folder, "--top", "1"),
                "second look": (QUESTION, folder, "--top", "1"),
            }
            for command, arguments in commands.items():
                cost = run(checkout, cache, *arguments)
                least[name][command] = Cost(*map(min, cost, least[name].get(command, cost)))
    return least


def main() -> None:
    """Make the files, and print how long all sides take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="?", type=int, default=1000)
    parser.add_argument("--former", type=Path, metavar="CHECKOUT", help="the folder of another version")
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    checkouts = {"former": given.former.resolve()} if given.former else {}
    checkouts["this version"] = ROOT
    with tempfile.TemporaryDirectory(prefix="formats-") as made:
        folder = Path(made, "files")
        folder.mkdir()
        files = mixed_files(folder, given.files)
        time.sleep(3)  # a file that is read right after it was written is never taken for unchanged
        alone = libraries_alone(files)
        costs = compare(folder, Path(made), checkouts, given.rounds)
    counts = Counter(file.suffix for file in files)
    for suffix, took in alone.items():
        print(f"{suffix:6}{counts[suffix]:>6} files, by its library alone {took:>7.1f} s")
    for name, commands in costs.items():
        for command, cost in commands.items():
            ratios = (
                (now / then for now, then in zip(cost, costs["former"][command], strict=True))
                if given.former
                else ()
            )
            beside = "".join(f"{ratio:>7.2f}" for ratio in ratios)
            print(f"{name:13} {command:12}{cost.clock:>8.1f} s, processor {cost.processor:>7.1f} s{beside}")
    total, added = sum(alone.values()), costs["this version"]["index add"]
    print(
        f"index add / the libraries alone ({total:.1f} s), in processor time: {added.processor / total:.2f}"
    )


if __name__ == "__main__":
    main()
