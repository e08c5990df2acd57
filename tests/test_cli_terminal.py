"""The command in a real terminal: the lit sentence, and the prompt that asks line after line."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

import fcntl
import pty
import struct
import termios

ROOT = Path(__file__).parent.parent
QUESTION = "When was the confederation shut down?"
QUOTE = (
    "As a result, a court in southern Kazakhstan on January 4 shut down the confederation,"
    " at the request of the Justice Ministry."
)
PLACE = "seeds/000_db1add1b5e985d50.txt, line 16, characters 1389–1514"
PATIENCE = 30.0
CTRL_D, UP = "\x04", "\x1b[A"


class Terminal:
    """A process on a pseudo-terminal; what it says on standard error stands in `errors` in the end."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self.master = master
        self.seen = self.errors = b""

    def send(self, keys: str | bytes) -> None:
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def interrupt(self) -> None:
        """Press Ctrl-C once the process waits for keys: Python's readline misses one just before it does."""
        time.sleep(0.5)
        self.send("\x03")

    def wait_for(self, text: str, times: int = 1) -> None:
        """Read on until `text` has been seen so many times."""
        deadline = time.monotonic() + PATIENCE
        while self.seen.count(text.encode()) < times:
            came = self._read() and time.monotonic() < deadline
            assert came, f"{text!r} never came: {self.seen.decode(errors='replace')}"

    def finish(self) -> int:
        """Read to the end and return the exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < deadline, f"it never ends: {self.seen.decode(errors='replace')}"
        _, errors = self.process.communicate(timeout=PATIENCE)
        self.errors = errors or b""
        return self.process.returncode

    def lines(self) -> list[str]:
        return self.seen.decode(errors="replace").replace("\r\n", "\n").split("\n")

    def _read(self) -> bool:
        ready, _, _ = select.select([self.master], [], [], PATIENCE)
        assert ready, f"nothing more after {self.seen.decode(errors='replace')}"
        try:
            data = os.read(self.master, 65536)
        except OSError:  # how Linux says that the other side has closed
            return False
        self.seen += data
        return bool(data)


@contextmanager
def terminal(
    *args: str, columns: int = 300, term: str = "xterm", no_color: str = "", errors_too: bool = False
) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    chosen = {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8", "TERM": term, "NO_COLOR": no_color}
    process = subprocess.Popen(
        [sys.executable, "-m", "articleqa", *args],
        stdin=slave,
        stdout=slave,
        stderr=slave if errors_too else subprocess.PIPE,  # a slow load would show its spinner there
        cwd=ROOT,
        env=inherited | chosen,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
        os.close(master)


def test_the_answer_is_lit_in_its_passage() -> None:
    with terminal(QUESTION, "seeds/", columns=600) as screen:
        assert screen.finish() == 0
        (lit,) = [line for line in screen.lines() if "One alarming consequence" in line]
    # A short answer in it would be underlined too.
    lit = lit.replace("\x1b[1;4m", "\x1b[1m").replace("\x1b[0m\x1b[1m", "")
    assert f"under the law. \x1b[1m{QUOTE}\x1b[0m The government also banned" in lit
    assert f"\x1b[2m{PLACE}\x1b[0m" in screen.lines()


@pytest.mark.parametrize(("term", "no_color"), [("xterm", "1"), ("dumb", "")])
def test_without_styles_the_sentence_stands_alone(term: str, no_color: str) -> None:
    with terminal(QUESTION, "seeds/", term=term, no_color=no_color) as screen:
        assert screen.finish() == 0
    assert screen.lines()[:2] == [QUOTE, ""]
    assert PLACE in screen.lines()
    assert b"\x1b" not in screen.seen


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_lines_fit_a_narrow_terminal(columns: int) -> None:
    with terminal(QUESTION, "seeds/", "--explain", columns=columns, no_color="1") as screen:
        assert screen.finish() == 0
    assert max(map(len, screen.lines())) <= columns
    assert "".join(QUOTE.split()) in "".join("".join(screen.lines()).split())


def test_a_path_alone_is_loaded_once_and_asked_line_after_line() -> None:
    with terminal("seeds/", "--top", "1", no_color="1") as screen:
        screen.wait_for("? ")
        assert "2 articles." in screen.lines()[0]
        screen.send(f"{QUESTION}\n")
        screen.wait_for(PLACE)
        screen.wait_for("? ", times=2)
        screen.send("\n   \n")
        screen.send("Who visited Kharkov?\n")
        screen.wait_for("did you mean Kharkova?")
        screen.wait_for("? ", times=5)
        screen.send(f"{UP}{UP}{UP}\n")
        screen.wait_for(PLACE, times=2)
        screen.send(b"Who is \xff?\n")
        screen.wait_for("The articles do not say.", times=2)
        screen.send("Quit\n")
        assert screen.finish() == 0
    assert screen.errors == b""


@pytest.mark.parametrize("ending", ["exit\n", "quit\n", " EXIT \n", CTRL_D])
def test_the_prompt_ends(ending: str) -> None:
    with terminal("ask", "seeds/") as screen:
        screen.wait_for("? ")
        screen.send(ending)
        assert screen.finish() == 0


def test_ctrl_c_drops_the_line_and_twice_in_a_row_ends() -> None:
    with terminal("seeds/", no_color="1") as screen:
        screen.wait_for("? ")
        screen.send("Who killed")
        screen.wait_for("Who killed")
        screen.interrupt()
        screen.wait_for("? ", times=2)
        screen.send(f"{QUESTION}\n")
        screen.wait_for(PLACE)
        screen.wait_for("? ", times=3)
        screen.interrupt()
        screen.wait_for("? ", times=4)
        screen.interrupt()
        assert screen.finish() == 130
    assert screen.errors == b""
    assert b"killed" not in screen.seen.split(QUOTE.encode())[1]


def test_json_and_an_exit_code_need_a_question() -> None:
    for option in ("--json", "--fail-on-abstain"):
        with terminal("seeds/", option) as screen:
            assert screen.finish() == 2
        assert "need a question" in screen.errors.decode()


def test_a_long_load_shows_a_sign_of_life_and_leaves_no_trace(tmp_path: Path) -> None:
    slow = tmp_path / "slow.txt"
    os.mkfifo(slow)
    with terminal("When did the harbour freeze?", str(slow), errors_too=True) as screen:
        screen.wait_for("reading ")
        slow.write_text("The harbour froze in 1740.", encoding="utf-8")
        assert screen.finish() == 0
    shown = screen.seen.decode()
    assert shown.index("reading ") < shown.index("harbour froze in 1740.")
    assert "\x1b[?25h" in shown  # the cursor is back


def test_ctrl_c_while_loading_is_quiet(tmp_path: Path) -> None:
    slow = tmp_path / "slow.txt"
    os.mkfifo(slow)
    with terminal("When did the harbour freeze?", str(slow), errors_too=True) as screen:
        screen.wait_for("reading ")
        screen.interrupt()
        assert screen.finish() == 130
    assert b"Traceback" not in screen.seen
