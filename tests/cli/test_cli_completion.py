"""`articleqa completion`: scripts that real shells accept and that complete."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articleqa.cli import cli


def run(*args: str, **env: str) -> Result:
    return CliRunner().invoke(cli, list(args), prog_name="articleqa", env=env)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with a program `articleqa`, as an installation makes one."""
    script = tmp_path / "bin" / "articleqa"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nfrom articleqa.__main__ import main\nmain()\n")
    script.chmod(0o755)
    return script.parent


_COMPLETE = {
    "bash": "source ./script; COMP_WORDS=(articleqa index re); COMP_CWORD=2; _articleqa_completion articleqa;"
    ' echo "${COMPREPLY[@]}"',
    "zsh": "autoload -U compinit; compinit -u -D; source ./script;"
    " compadd() { print -r -- $response }; _describe() { print -r -- $completions_with_descriptions };"
    ' words=(articleqa index re); CURRENT=3; _articleqa_completion; print -r -- "${response[@]}"',
    "fish": "source ./script; complete --do-complete 'articleqa index re'",
}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_the_script_and_completes_a_command(shell: str, program: Path, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(run("completion", shell).stdout)
    path = f"{program}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [shell, "-c", _COMPLETE[shell]],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "remove" in done.stdout, done.stderr


def test_without_a_name_the_script_is_for_the_shell_that_is_used() -> None:
    assert run("completion", SHELL="/usr/bin/fish").stdout == run("completion", "fish").stdout


@pytest.mark.parametrize("shell", ["", "/bin/tcsh"])
def test_an_unknown_shell_is_told_which_are_known(shell: str) -> None:
    done = run("completion", SHELL=shell)
    assert done.exit_code == 2
    assert "name a shell: bash, zsh, fish" in done.stderr
