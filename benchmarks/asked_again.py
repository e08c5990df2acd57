"""Time repeated questions to the same folder: `python -m benchmarks.asked_again 1000`.

Makes a folder of files for each format and runs the installed command on it: the first question, which reads
the files and caches an index of them; the same question again; and the same question with `--index`. Each
runs in its own process, and all must print the same. Exits with 1 if the second question takes more than 1.2
seconds, or more than 1.5 times as long as with `--index` (medians of seven), or if the answers differ.
Processor seconds are shown too, since wall-clock times mean nothing on a busy machine.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from articleqa import Article
from benchmarks.corpus import PASSAGES_PER_ARTICLE, make_articles, make_questions, paragraphs_of

COMMAND = Path(sys.executable).parent / "articleqa"

MOST_S, MOST_TIMES = 1.2, 1.5

RUNS = 7


def _html(article: Article) -> bytes:
    text = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs_of(article))
    title = html.escape(article.title)
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()


def _docx(article: Article) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(article.title)
    for paragraph in paragraphs_of(article):
        document.add_paragraph(paragraph)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _pdf(article: Article) -> bytes:
    """Return a PDF with one page per paragraph, set in Helvetica."""
    pages: list[bytes] = []
    for paragraph in (article.title, *paragraphs_of(article)):
        lines, words = [""], paragraph.split()
        for word in words:
            if len(lines[-1]) + len(word) > 80:
                lines.append("")
            lines[-1] += f"{word} "
        shown = " ".join(f"({line.strip()}) Tj T*" for line in lines)
        pages.append(f"BT /F 11 Tf 14 TL 72 720 Td {shown} ET".encode())
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    kids: list[int] = []
    for page in pages:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(page), page))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>>>>>" % len(objects)
        )
        kids.append(len(objects))
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]>>".encode()
    data = b"%PDF-1.4\n"
    places: list[int] = []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + head + table + end


FORMATS: dict[str, Callable[[Article], bytes]] = {
    "txt": lambda article: f"{article.title}\n\n{article.text}".encode(),
    "md": lambda article: f"# {article.title}\n\n{article.text}".encode(),
    "rst": lambda article: f"{article.title}\n{'=' * len(article.title)}\n\n{article.text}".encode(),
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}


class Took(NamedTuple):
    """Seconds that a process took: wall-clock time and processor time."""

    clock: float
    processor: float

    def __str__(self) -> str:
        """Return both."""
        return f"{self.clock:.2f} s ({self.processor:.2f} s)"

    @classmethod
    def median(cls, several: list[Took]) -> Took:
        """Return the medians of both."""
        return cls(*(statistics.median(seconds) for seconds in zip(*several, strict=True)))


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(home: Path, *args: str) -> tuple[str, Took]:
    """Run the command; return what it prints, and the time that the whole process takes."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    start, before = time.perf_counter(), _processor_s()
    done = subprocess.run(
        [COMMAND, *args],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout, Took(time.perf_counter() - start, _processor_s() - before)


def measure(made: Path, suffix: str, articles: list[Article], question: str) -> bool:
    """Print how long questions to a folder of one format take; return whether the limits are met."""
    folder, kb = made / suffix, made / f"{suffix}-kb"
    folder.mkdir()
    for number, article in enumerate(articles):
        (folder / f"{number:05}.{suffix}").write_bytes(FORMATS[suffix](article))
    first, at_first = run(made, question, str(folder))
    run(made, "index", "add", str(kb), str(folder))
    again: list[Took] = []
    indexed: list[Took] = []
    same = True
    for _ in range(RUNS):
        printed, took = run(made, question, str(folder))
        again.append(took)
        same &= printed == first
        printed, took = run(made, question, "--index", str(kb))
        indexed.append(took)
        same &= printed == first
    second, by_index = Took.median(again), Took.median(indexed)
    clock, processor = (one / other for one, other in zip(second, by_index, strict=True))
    print(
        f"{suffix:5} first {at_first}; again {second}, with --index {by_index}: {clock:.2f} times"
        f" ({processor:.2f})" + ("" if same else "; the answers differ"),
        flush=True,
    )
    return same and second.clock <= MOST_S and clock <= MOST_TIMES


def main() -> None:
    """Measure all formats, or those named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="?", type=int, default=1000)
    parser.add_argument("formats", nargs="*", default=list(FORMATS))
    given = parser.parse_args()
    articles = make_articles(given.files * PASSAGES_PER_ARTICLE, seed=0)
    (question,) = make_questions(articles, 1, seed=0)
    with tempfile.TemporaryDirectory(prefix="asked-again-") as made:
        done = [measure(Path(made), suffix, articles, question) for suffix in given.formats]
    sys.exit(0 if all(done) else 1)


if __name__ == "__main__":
    main()
