"""Old Word documents: converted by LibreOffice where it is installed, within limits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from articleqa import ArticleReadError, load_articles
from articleqa.index.cache.version import version_name
from articleqa.loaders.office import libreoffice
from articleqa.loaders.office.doc import load_doc
from articleqa.loaders.protocol import UnreadableDataError

FIXTURES = Path(__file__).parents[1] / "fixtures"
TEA = FIXTURES / "office" / "tea.doc"
"""What LibreOffice makes of the DOCX file of the same article."""

needs_libreoffice = pytest.mark.skipif(not libreoffice.program(), reason="needs LibreOffice")
on_posix = pytest.mark.skipif(os.name != "posix", reason="needs process groups")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script in LibreOffice's place."""

    def put(script: str) -> None:
        path = tmp_path / "soffice"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        monkeypatch.setattr(shutil, "which", lambda name: str(path))

    return put


@needs_libreoffice
@pytest.mark.workers
def test_an_old_document_is_read_as_its_docx_version() -> None:
    (article,) = load_articles(TEA)
    (docx,) = load_articles(FIXTURES / "formats" / "docx" / "tea.docx")
    assert (article.title, article.text) == (docx.title, docx.text)
    kinds = [(block.kind, block.span) for block in article.blocks or ()]
    assert kinds == [(block.kind, block.span) for block in docx.blocks or ()]
    assert (article.id, article.source, article.media_type) == ("tea.doc", str(TEA), "application/msword")
    name, _, rest = str(article.metadata["extractor"]).partition("/")
    assert (name, rest.partition("+")[2].partition("/")[0]) == ("libreoffice", "python-docx")
    assert rest[0].isdigit()


@needs_libreoffice
@pytest.mark.enable_socket
def test_pictures_in_the_web_are_not_fetched(tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    page = tmp_path / "page.html"
    page.write_text(f'<p>It rained.<img src="http://127.0.0.1:{server.server_port}/a.png">')
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    make = ["--infilter=HTML (StarWriter)", "--convert-to", "doc:MS Word 97", "--outdir", str(tmp_path)]
    subprocess.run([libreoffice.program(), profile, "--headless", *make, str(page)], check=True)
    assert asked  # with its usual settings LibreOffice fetches it
    asked.clear()
    assert load_doc((tmp_path / "page.doc").read_bytes(), "a", "a").text == "It rained."
    server.shutdown()
    server.server_close()
    assert not asked


def test_without_libreoffice_a_document_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ArticleReadError, match=r"tea\.doc: .* save it as \.docx, or install LibreOffice"):
        load_articles(TEA)
    with pytest.raises(UnreadableDataError, match="needs LibreOffice"):
        load_doc(TEA.read_bytes(), "a", "a")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("rtf/harbour.rtf", "application/rtf"),
        ("docx/tea.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("html/tea.html", "text/html"),
    ],
)
def test_other_formats_with_this_name_keep_their_loader(tmp_path: Path, path: str, media_type: str) -> None:
    shutil.copy(FIXTURES / "formats" / path, tmp_path / "a.doc")
    (article,) = load_articles(tmp_path / "a.doc")
    assert article.media_type == media_type


def _locked(data: bytes) -> bytes:
    start = next(n for n in range(512, len(data), 512) if data[n : n + 2] == b"\xec\xa5")
    return data[: start + 11] + bytes([data[start + 11] | 1]) + data[start + 12 :]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_locked, "locked by a password"),
        (lambda data: data[:8] + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (lambda data: data[:5000], "not a Word 97-2003 file, or a damaged one"),
        (lambda data: data[:8] + bytes(600), "not a Word 97-2003 file, or a damaged one"),
        (lambda data: b"It rained.", "not a Word 97-2003 file, or a damaged one"),
    ],
)
def test_locked_and_damaged_documents_are_refused(damage: Callable[[bytes], bytes], message: str) -> None:
    with pytest.raises(UnreadableDataError, match=message):
        load_doc(damage(TEA.read_bytes()), "a", "a")


@on_posix
@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "exit 0"])
def test_a_document_that_is_not_converted_is_refused(program: Callable[[str], None], script: str) -> None:
    program(script)
    with pytest.raises(UnreadableDataError, match="LibreOffice cannot read it"):
        load_doc(TEA.read_bytes(), "a", "a")


@on_posix
def test_a_conversion_that_takes_too_long_ends_with_all_it_started(
    program: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "CLOCK_SECONDS", 1.0)
    program(f"(sleep 2; echo alive > {tmp_path}/late) & pwd > {tmp_path}/folder; sleep 60")
    start = time.monotonic()
    with pytest.raises(UnreadableDataError, match="takes more than 1 seconds"):
        load_doc(TEA.read_bytes(), "a", "a")
    assert time.monotonic() - start < 20
    assert not Path((tmp_path / "folder").read_text().strip()).exists()
    time.sleep(2)
    assert not (tmp_path / "late").exists()


@on_posix
def test_a_conversion_ends_with_the_process_that_started_it(
    program: Callable[[str], None], tmp_path: Path
) -> None:
    program(f"pwd > {tmp_path}/folder; mv {tmp_path}/folder {tmp_path}/begun; sleep 60")
    code = (
        "import sys; from pathlib import Path; from articleqa.loaders.office.doc import load_doc; "
        "load_doc(Path(sys.argv[1]).read_bytes(), 'a', 'a')"
    )
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    loading = subprocess.Popen([sys.executable, "-c", code, str(TEA)], env={**os.environ, **path})
    try:
        _wait_for((tmp_path / "begun").exists)
    finally:
        loading.kill()
        loading.wait()
    folder = Path((tmp_path / "begun").read_text().strip())
    _wait_for(lambda: not folder.exists())


def _wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@on_posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit address space")
def test_a_conversion_has_limits_of_its_own(program: Callable[[str], None], tmp_path: Path) -> None:
    program(f"for which in v f t; do ulimit -S -$which; done > {tmp_path}/limits")
    with pytest.raises(UnreadableDataError):
        load_doc(TEA.read_bytes(), "a", "a")
    limits = [int(each) for each in (tmp_path / "limits").read_text().split()]
    assert limits == [libreoffice.MEMORY // 1024, libreoffice.LARGEST // 512, libreoffice.SECONDS]


@on_posix
def test_installing_libreoffice_renews_what_is_cached(
    program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    without = version_name.__wrapped__()
    program("exit 0")
    assert version_name.__wrapped__() != without
