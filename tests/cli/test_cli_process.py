"""The command as a process of its own: pipes, locales, warnings, broken readers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from commands import python
from user_path import USER_PATH

ROOT = Path(__file__).parents[2]
QUESTION = "When was the confederation shut down?"
QUOTE = "a court in southern Kazakhstan on January 4 shut down the confederation"
PLAIN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "LC_", "LANG")) and name not in ("NO_COLOR", "FORCE_COLOR")
} | {"PYTHONPATH": USER_PATH}


def run(
    *args: str,
    flags: tuple[str, ...] = (),
    stdin: bytes = b"",
    env: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.CompletedProcess[bytes]:
    fresh = flags or any(name.startswith(("PYTHON", "LC_")) for name in env)
    if not fresh:
        return python("-m", "articleqa", *args, stdin=stdin, cwd=ROOT, env={**PLAIN, **env})
    return subprocess.run(
        [sys.executable, *flags, "-m", "articleqa", *args],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**PLAIN, **env},
        timeout=300,
    )


def test_the_module_answers_without_a_word_on_standard_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "articleqa", QUESTION, "seeds/"],
        capture_output=True,
        cwd=ROOT,
        env=PLAIN,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert QUOTE in done.stdout.decode().splitlines()[0]
    assert b"\x1b" not in done.stdout


def test_pythons_dash_w_error_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Café, thé. ".encode() + b"The harbour \xff froze in 1740.")
    (tmp_path / "b.pdf").touch()
    done = run("When did the harbour freeze?", str(tmp_path), flags=("-W", "error"))
    assert done.returncode == 0
    assert [line.startswith("articleqa: ") for line in done.stderr.decode().splitlines()] == [True, True]
    assert "The harbour \ufffd froze" in done.stdout.decode()


QUOTING = "Who called for “modernized trade union institutions”?"
OUTPUTS: tuple[tuple[str, ...], ...] = (("--ranker", "words"), ("--ranker", "words", "--json"))


@pytest.fixture(scope="module")
def in_utf8() -> list[bytes]:
    return [run(QUOTING, "seeds/", *options, env={"LC_ALL": "C.UTF-8"}).stdout for options in OUTPUTS]


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"NO_COLOR": "1"},  # neither this nor the next is read before the start
        {"COLUMNS": "40", "FORCE_COLOR": "1", "TERM": "xterm-256color"},
    ],
)
@pytest.mark.slow
def test_a_pipe_gets_the_same_utf8_in_any_environment(env: dict[str, str], in_utf8: list[bytes]) -> None:
    assert [run(QUOTING, "seeds/", *options, env=env).stdout for options in OUTPUTS] == in_utf8
    assert all("“" in printed.decode() for printed in in_utf8)


def test_two_processes_print_the_same_json_whatever_the_hash_seed() -> None:
    first, second = (
        run(QUESTION, "seeds/", "--json", "--explain", env={"PYTHONHASHSEED": seed}) for seed in ("1", "2")
    )
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["version"] == 1


def test_standard_input_and_the_exit_codes() -> None:
    article = (ROOT / "seeds" / "000_db1add1b5e985d50.txt").read_bytes()
    assert QUOTE in run(QUESTION, "-", stdin=article).stdout.decode()
    assert run(QUESTION, "-", "--min-confidence", "1", "--fail-on-abstain", stdin=article).returncode == 3
    assert run("", "seeds/").returncode == 2
    assert run("seeds/").returncode == 2
    missing = run(QUESTION, "nope/")
    assert (missing.returncode, missing.stdout) == (1, b"")
    assert missing.stderr.decode().splitlines() == ["articleqa: nope/: no such file or folder"]


def test_a_question_in_no_known_encoding_is_still_asked() -> None:
    done = run(os.fsdecode(b"When was the \xff confederation shut down?"), "seeds/", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["answer"]["question"] == "When was the \ufffd confederation shut down?"


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes on POSIX only")
def test_a_file_name_in_no_known_encoding_is_read_and_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"harbour\xff.txt")
    try:
        (tmp_path / name).write_text("The harbour froze in 1740.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such names")
    for path in (tmp_path, tmp_path / name):
        done = run("When did the harbour freeze?", str(path), "--min-confidence", "0")
        assert (done.returncode, done.stderr) == (0, b"")
        assert "harbour" in done.stdout.decode()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes and signals")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_that_has_gone_is_no_traceback(options: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "articleqa", QUESTION, "seeds/", *options],
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=PLAIN,
        timeout=300,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "articleqa", QUESTION, "seeds/"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=PLAIN,
            timeout=300,
        )
    assert done.returncode == 1
    assert done.stderr == b"articleqa: standard output: cannot be written (no space left on device)\n"


HELP_AND_VERSION = [
    ("--help",),
    ("--version",),
    ("ask", "--help"),
    ("index", "--help"),
    ("index", "add", "--help"),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("args", HELP_AND_VERSION)
def test_help_onto_a_full_disk_is_one_line(args: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = python("-m", "articleqa", *args, stdout=full, env=PLAIN)
    assert done.returncode == 1
    assert done.stderr == b"articleqa: standard output: cannot be written (no space left on device)\n"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes and signals")
def test_help_to_a_reader_that_has_gone_is_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = python("-m", "articleqa", "--help", stdout=write, env=PLAIN)
    os.close(write)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("module", ["click.types", "click.core", "articleqa.cli", "pydantic", "numpy"])
def test_ctrl_c_while_modules_are_imported_ends_quietly(module: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "articleqa", QUESTION, "seeds/"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=PLAIN,
    )
    assert process.stderr is not None
    for line in process.stderr:  # one for each module, when it has been imported
        if line.split(b"|")[-1].strip() == module.encode():
            break
    process.send_signal(signal.SIGINT)
    printed, errors = process.communicate(timeout=300)
    assert printed == b""
    assert [line for line in errors.splitlines() if not line.startswith(b"import time:")] == []
    assert process.returncode in (-signal.SIGINT, 130)


def test_ctrl_c_is_left_alone_where_it_is_ignored() -> None:
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from articleqa.interrupts import killed_by_ctrl_c\n"
        "with killed_by_ctrl_c(): signal.raise_signal(signal.SIGINT)\n"
        "print(signal.getsignal(signal.SIGINT).name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=PLAIN, timeout=300)
    assert done.stdout.split() == [b"SIG_IGN"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (
            "",
            "plain,ask plain,index plain,serve plain,mcp plain,eval plain,train plain,calibrate"
            " plain,cache plain,completion",
        ),
        ("in", "plain,index"),
        ("no", "file,no"),
        ("--to", "plain,--top"),
        ("index re", "plain,remove"),
        ("index add ", "file,"),
        ("index add kb --pru", "plain,--prune"),
        ("--index ", "file,"),
        ("seeds/ ", "file,"),
        ("ask --js", "plain,--json"),
        ('"When was', "file,When was"),
        ("-40 ", "file,"),
        ("--nonsense ", "file,"),
    ],
)
def test_tab_completion_offers_verbs_options_and_paths(typed: str, offered: str) -> None:
    words = f"articleqa {typed}"
    position = len(typed.split(" ")) if not typed.startswith('"') else 1
    done = run(
        env={"_ARTICLEQA_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(position)},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert " ".join(done.stdout.decode().split("\n")).strip() == offered


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_closed_streams_are_no_traceback() -> None:
    command = f'"{sys.executable}" -m articleqa "{QUESTION}"'
    for rest, code, error in (
        ("seeds/ >&-", 0, b""),
        ("- <&-", 1, b"articleqa: standard input: closed\n"),
    ):
        done = subprocess.run(
            ["sh", "-c", f"{command} {rest}"], capture_output=True, cwd=ROOT, env=PLAIN, timeout=300
        )
        assert (done.returncode, done.stderr) == (code, error)


def test_help_and_an_answer_do_not_wait_for_what_they_do_not_use() -> None:
    code = (
        "import sys; from articleqa.cli import cli\n"
        "try: cli(prog_name='articleqa')\n"
        "finally: print([m for m in ('rich', 'articleqa.evaluation') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, QUESTION, "seeds/"],
        capture_output=True,
        cwd=ROOT,
        env=PLAIN,
        timeout=300,
    )
    assert done.stderr.split() == [b"[]"]
