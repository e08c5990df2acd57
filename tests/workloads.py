"""What worker processes are given to do in tests: they import it, and the tests' own modules are slow to."""

from __future__ import annotations

import os
import signal
import time

from articleqa import Article
from articleqa.loaders import pdf, sandbox
from articleqa.loaders.protocol import Fields, Format, MissingLibraryError
from articleqa.loaders.sandbox import ArticleFile, Loaded

_extract = sandbox._extract


def extract_by_name(file: ArticleFile, fields: Fields, registered: tuple[Format, ...]) -> Loaded:
    """Extract a file, in a worker or here; a PDF does what its name says."""
    pdf.load_pdf, real = load_by_name, pdf.load_pdf
    try:
        return _extract(file, fields, registered)
    finally:
        pdf.load_pdf = real


def load_by_name(data: bytes, article_id: str, source: str) -> Article:
    name = data.removeprefix(b"%PDF-").decode()
    if name.startswith("slow"):
        time.sleep(0.3)
    if name.startswith("waiting"):
        time.sleep(1.5)
    if name.startswith("asleep"):
        time.sleep(600)
    if name.startswith("endless"):
        spin(600)
    if name.startswith("stuck"):
        sum(range(10**12))  # in C, and with the interpreter's lock: no thread of the process runs
    if name.startswith("huge"):
        bytearray(4_000_000_000)
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGKILL)  # as the kernel does where memory is short
    if name.startswith("odd"):
        raise RuntimeError("what a library may raise")
    if name.startswith("lacking"):
        raise MissingLibraryError("pdf")
    if name.startswith("noisy"):
        print("what a library may print", flush=True)
        os.write(1, b"and C code")
    return Article(id=article_id, text=name, source=source)


def spin(seconds: float) -> float:
    """Take processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds


def many_bytes(number: int) -> bytes:
    """Return more than a pipe holds."""
    return number.to_bytes(8, "little") * 100_000


def pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ZeroDivisionError("three")
    return number
