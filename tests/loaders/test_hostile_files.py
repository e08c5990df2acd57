"""A folder with hostile files among good ones: the run ends, within bounds, and names each."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import time
import warnings
import zipfile
from pathlib import Path

import pytest

from articleqa import load_articles
from commands import python
from zip_members import replaced

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
NOISE = random.Random(5).randbytes(20_000)
MEGABYTE = 1_000_000

pytestmark = pytest.mark.workers


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def entities(root: str) -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{lines}]><{root}>&e11;</{root}>'.encode()


def hostile() -> dict[str, bytes]:
    pdf = (FORMATS / "pdf" / "tea.pdf").read_bytes()
    docx, odt, epub = (FORMATS / kind / f"tea.{kind}" for kind in ("docx", "odt", "epub"))
    nested = zipped({"a.txt": b"0" * MEGABYTE})
    for _ in range(6):
        nested = zipped({f"{number}.zip": nested for number in range(3)})
    return {
        "binary.txt": b"\0\1\2" * 1000,
        "bomb.docx": replaced(docx.read_bytes(), "word/document.xml", b" " * 900 * MEGABYTE),
        "bomb.txt.gz": gzip.compress(b"\0" * 900 * MEGABYTE, compresslevel=1),
        "bomb.zip": zipped({f"{number}.txt": b" " * 150 * MEGABYTE for number in range(8)}),
        "cut.docx": docx.read_bytes()[:4000],
        "cut.epub": epub.read_bytes()[:2000],
        "cut.odt": odt.read_bytes()[:8000],
        "cut.pdf": pdf[:3000],
        "cut.txt.gz": gzip.compress(NOISE)[:9000],
        "entities.docx": replaced(docx.read_bytes(), "word/document.xml", entities("w:document")),
        "entities.odt": replaced(odt.read_bytes(), "content.xml", entities("office:document-content")),
        "nested.zip": nested,
        "noise.docx": NOISE,
        "noise.epub": NOISE,
        "noise.odt": NOISE,
        "noise.pdf": NOISE,
        "noise.warc": NOISE,
        "no_field.jsonl": b'{"a": 1}\n',
        "no_json.jsonl": b"[1, 2\n",
        "no_quote.csv": b'text,title\n"never closed, and on\n' * 10,
    }


LOADING = """
import json, resource, sys, warnings
from articleqa import load_articles
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    ids = [article.id for article in load_articles(sys.argv[1])]
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps({"ids": ids, "told": [str(each.message) for each in told], "peak": peak}))
"""
"""Load a folder in a process whose children are its workers alone, and print what they needed."""


@pytest.mark.slow
def test_hostile_files_are_named_and_the_good_ones_are_read(tmp_path: Path) -> None:
    harmful = hostile()
    for name, data in harmful.items():
        (tmp_path / name).write_bytes(data)
    good = [
        path for kind in ("txt", "html", "pdf", "docx", "odt", "epub") for path in (FORMATS / kind).iterdir()
    ]
    for path in good:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "loop.pdf").symlink_to("loop.pdf")
    (tmp_path / "out.pdf").symlink_to(FORMATS / "pdf" / "tea.pdf")
    (tmp_path / "of\nlines.txt").write_text("It rained.")
    start = time.monotonic()
    done = python("-c", LOADING, tmp_path)
    assert time.monotonic() - start < 60
    loaded = json.loads(done.stdout)
    paths = (message.removeprefix("skipped ").partition(": ")[0] for message in loaded["told"])
    named = {Path(path).relative_to(tmp_path).parts[0] for path in paths}
    assert named == {*harmful, "pipe.pdf", "loop.pdf", "out.pdf"}
    assert {*loaded["ids"]} == {*(path.name for path in good), "of\nlines.txt"}
    assert loaded["peak"] < 2_500 * MEGABYTE


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deep.html", b"<html><body>" + b"<div>" * 200_000 + b"It rained." + b"</div>" * 200_000),
        ("tags.html", b"<html>" + b"<p><b><i>" * 1_000_000),
        ("attribute.html", b"<html><body><p class='" + b"x" * 20 * MEGABYTE + b"'>It rained.</p>"),
        ("entities.html", b"<!DOCTYPE html [<!ENTITY a 'lol'>]><html><p>" + b"&a;" * MEGABYTE),
        ("deep.jsonl", b'{"text": ' + b"[" * MEGABYTE + b"\n"),
        ("wide.csv", b"text," + b"," * 5 * MEGABYTE + b"\nIt rained.\n"),
        ("long.jsonl", json.dumps({"text": "It rained. " * 2_000_000}).encode()),
    ],
)
def test_what_is_too_deep_or_too_wide_ends_in_an_article_or_a_line(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text("It rained.")
    start = time.monotonic()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = {article.id.partition("#")[0] for article in load_articles(tmp_path)}
    assert time.monotonic() - start < 30
    assert "good.txt" in found
    assert name in found or any(name in str(warning.message) for warning in told)
