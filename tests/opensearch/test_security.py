"""TLS, users and rights: what is wrong is one clear line, without the password."""

from __future__ import annotations

import pickle
import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from articleqa import Article, ArticleIndex, IndexUnavailableError, IndexWriteError
from articleqa.cli import cli
from clusters import Nodes, started

QUESTION = "When did the harbour of Zorp freeze?"
HARBOUR = "The harbour of Zorp froze in 1740."
CERTIFICATES = Path(__file__).parents[1] / "fixtures/opensearch"


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """A cluster with TLS and users, and in it an index of one article."""
    for nodes in started(tmp_path_factory, 1, "--secure"):
        index = ArticleIndex.create(
            nodes.url("news"), user="admin", password="admin", ca=nodes.folder / "ca.pem", replicas=0
        )
        index.add([Article(id="note", text=HARBOUR)])
        yield nodes


@pytest.fixture
def connect(secured: Nodes) -> Callable[..., ArticleIndex]:
    def connected(user: str, password: str, ca: Path | None = secured.folder / "ca.pem") -> ArticleIndex:
        return ArticleIndex.connect(secured.url("news"), user=user, password=password, ca=ca)

    return connected


def told_by_commands(
    secured: Nodes, monkeypatch: pytest.MonkeyPatch, user: str, password: str, ca: str
) -> str:
    """Return the one line that asking prints, with everything given by the environment."""
    for name, value in (("USER", user), ("PASSWORD", password), ("CA", ca)):
        monkeypatch.setenv(f"ARTICLEQA_OPENSEARCH_{name}", value)
    done = CliRunner().invoke(cli, ["ask", QUESTION, "--index", f"{secured.url('news')}?tls=true"])
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (1, "")
    assert password not in line
    return line


def test_a_user_who_may_only_read_asks_and_is_told_why_he_cannot_add(
    connect: Callable[..., ArticleIndex], secured: Nodes
) -> None:
    index = connect("readall", "readall")
    assert index.ask(QUESTION).text == HARBOUR
    assert pickle.loads(pickle.dumps(index._backend)).store.titles() == {"note": ""}
    for change in (lambda: index.add([Article(id="new", text="New.")]), lambda: index.remove("note")):
        with pytest.raises(IndexWriteError, match="this user may not write to it; ask it, or add as another"):
            change()
    with pytest.raises(IndexWriteError, match="this user may not write"):
        ArticleIndex.create(
            secured.url("other"), user="readall", password="readall", ca=secured.folder / "ca.pem"
        )
    assert connect("admin", "admin").check() == []


def test_a_wrong_password_is_one_line_without_it(
    connect: Callable[..., ArticleIndex], secured: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "".join(["sword", "fish"])
    with pytest.raises(IndexUnavailableError, match="wrong user or password") as caught:
        connect("admin", wrong)
    assert "swordfish" not in f"{caught.getrepr(showlocals=False)}{caught.value!r}"
    line = told_by_commands(secured, monkeypatch, "admin", "swordfish", str(secured.folder / "ca.pem"))
    assert "wrong user or password; give them in the URL, or as ARTICLEQA_OPENSEARCH_USER" in line


def test_an_unknown_authority_is_one_line(
    connect: Callable[..., ArticleIndex], secured: Nodes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = CERTIFICATES / "other_authority.pem"
    with pytest.raises(IndexUnavailableError, match="its certificate is not trusted"):
        connect("admin", "admin", other)
    line = told_by_commands(secured, monkeypatch, "admin", "admin-secret", str(other))
    assert "give the file of its authority with ?ca=FILE or ARTICLEQA_OPENSEARCH_CA" in line
    (tmp_path / "no.pem").write_text("not a certificate")
    with pytest.raises(IndexUnavailableError, match="not a file with certificates"):
        connect("admin", "admin", tmp_path / "no.pem")


def test_without_tls_a_secured_cluster_hints_at_it(secured: Nodes) -> None:
    with pytest.raises(IndexUnavailableError, match="does it use TLS"):
        ArticleIndex.connect(secured.url("news"), user="admin", password="admin")


def test_an_expired_certificate_is_one_line() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "expired.pem")

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: the client breaks off, as it should."""

    with Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(IndexUnavailableError, match="its certificate has expired; renew it"):
            ArticleIndex.connect(
                f"opensearch://127.0.0.1:{server.server_port}/news", ca=CERTIFICATES / "expired.pem"
            )
        server.shutdown()
