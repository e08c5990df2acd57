"""The command in a real terminal: the lit sentence, and the prompt that asks line after line."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from articleqa.cli.progress import PATIENCE
from terminals import terminal

QUESTION = "When was the confederation shut down?"
QUOTE = (
    "As a result, a court in southern Kazakhstan on January 4 shut down the confederation,"
    " at the request of the Justice Ministry."
)
PLACE = "seeds/000_db1add1b5e985d50.txt, “What went wrong?”, line 16, characters 1389–1514"
CTRL_D, UP = "\x04", "\x1b[A"


def test_the_answer_is_lit_in_its_passage() -> None:
    with terminal(QUESTION, "seeds/", columns=600, fresh=True) as screen:
        assert screen.finish() == 0
        lit = next(line for line in screen.lines() if "One alarming consequence" in line)
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


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
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


def test_a_quiet_command_shows_no_sign_of_life(tmp_path: Path) -> None:
    slow = tmp_path / "slow.txt"
    os.mkfifo(slow)
    with terminal("When did the harbour freeze?", str(slow), "--quiet", errors_too=True) as screen:
        time.sleep(1.5 * PATIENCE)
        slow.write_text("The harbour froze in 1740.", encoding="utf-8")
        assert screen.finish() == 0
    assert b"reading" not in screen.seen
    assert b"froze in 1740" in screen.seen


def test_a_long_load_is_no_traceback_where_only_the_errors_are_shown(tmp_path: Path) -> None:
    slow = tmp_path / "slow.txt"
    os.mkfifo(slow)
    closed = "import sys; sys.stdout = None; from articleqa.cli import cli; cli(prog_name='articleqa')"
    words = ("When did the harbour freeze?", str(slow))
    with terminal(*words, errors_too=True, program=("-c", closed), fresh=True) as screen:
        time.sleep(1.5 * PATIENCE)
        slow.write_text("The harbour froze in 1740.", encoding="utf-8")
        assert screen.finish() == 0
    assert screen.seen == b""


def test_ctrl_c_while_loading_is_quiet(tmp_path: Path) -> None:
    slow = tmp_path / "slow.txt"
    os.mkfifo(slow)
    with terminal("When did the harbour freeze?", str(slow), errors_too=True) as screen:
        screen.wait_for("reading ")
        screen.interrupt()
        assert screen.finish() == 130
    assert b"Traceback" not in screen.seen
