"""The examples in README.md and docs/ run and print what the pages show, and every name on the pages exists.

`.ci/run` runs the commands that install.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from articleqa.language import LANGUAGE
from commands import python
from test_layers import ROOMS, SOURCE

LANGUAGES = SOURCE / "language"

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 150
"""Lines of README.md: a newcomer reads it to the end."""

DOCS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}
PAGES = {"README.md": README, **dict(sorted(DOCS.items()))}
ALL_PAGES = PAGES | {
    name: (ROOT / name).read_text("utf-8")
    for name in ("CHANGELOG.md", "benchmarks/README.md", "eval/README.md", "eval/folders/README.md")
}
CONSOLE = [
    pytest.param(block, id=f"{name}: {block.splitlines()[0][:60]}")
    for name, page in PAGES.items()
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL)
]
PYTHON = [
    pytest.param(code, shown, id=f"{name}: {number}")
    for name, page in PAGES.items()
    for number, (code, shown) in enumerate(
        re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL)
    )
]
BLOCKS = [
    block
    for name, page in PAGES.items()
    if name not in ("docs/mcp.md", "docs/serve.md")  # tests of their servers run them
    for block in re.findall(r"```sh\n((?:articleqa .*\n)+)```", page)
]
MADE = ("kb/", "ranker.json", "confidence.json", "report.html")
"""What the examples write in the working folder; the tests write it elsewhere."""

ELIDED = "..."
"""A line that stands for lines of output that a page leaves out."""

FILE_TYPES = "md|py|txt|json|jsonl|npy|onnx|toml|j2|css"
SETS = {"squad2.json", "newwiki.json", "reddit.json", "pieces.json", "model.safetensors", "vocab.txt"}
"""Question sets and files of other projects, which are not in the repository."""

NAMED_BUT_NOT_THERE = {*MADE, "search-1/", "1/20", "uploads/"}
NO_MODULES = {"articleqa.answer", "articleqa.error", "articleqa.formats", "articleqa.backends"}
"""The names of schemas and of groups of entry points."""


def run(*arguments: str) -> str:
    """Return what Python prints, run in the project's root; an exit code but 0 fails."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT / "src")}
    done = python(*arguments, env=environment, cwd=ROOT, timeout=600)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def articleqa(command: str, folder: Path) -> str:
    """Return what a command line of a page prints; what it makes is made in `folder`."""
    program, *words = shlex.split(command)
    assert program == "articleqa", command
    moved = [str(folder / word) + "/" * word.endswith("/") if word in MADE else word for word in words]
    return run("-m", "articleqa", *moved).replace(f"{folder}/", "")


def shows(shown: str, printed: str) -> bool:
    """Return whether `shown` is `printed`, but for the lines that `ELIDED` stands for."""
    lines = [".*" if line == ELIDED else re.escape(line.rstrip()) for line in shown.rstrip().split("\n")]
    stripped = "\n".join(line.rstrip() for line in printed.rstrip().split("\n"))
    return re.fullmatch("\n".join(lines), stripped, re.DOTALL) is not None


@pytest.mark.parametrize("block", CONSOLE)
def test_console_example_prints_what_is_shown(block: str, tmp_path: Path) -> None:
    examples = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    assert examples
    for command, shown in examples:
        printed = articleqa(command, tmp_path)
        assert shows(shown, printed), f"{command}\n{printed}"


@pytest.mark.parametrize(("code", "shown"), PYTHON)
def test_python_example_prints_what_is_shown(code: str, shown: str, tmp_path: Path) -> None:
    assert run("-c", code.replace('"kb/"', f'"{tmp_path}/kb/"')) == shown


def test_readme_has_examples_of_each_kind() -> None:
    assert README.count("```console") >= 4
    assert re.search(r"```python\n.*?```\n\n```text\n", README, re.DOTALL)


def test_readme_is_short() -> None:
    assert len(README.splitlines()) <= MOST_LINES


def test_readme_has_the_commands_that_set_everything_up() -> None:
    main_job, tests = (line for line in README.splitlines() if line.startswith("python3 -m venv"))
    assert main_job.endswith('articleqa "When was the confederation shut down?" seeds/')
    assert tests.endswith("pytest")
    assert "\npip install '.[all]'\n" in README


@pytest.mark.parametrize("page", PAGES)
def test_page_installs_nothing_from_a_package_index(page: str) -> None:
    assert not re.search(r"^(?:\$ )?pip install (?!(?:-e )?'?\.)", PAGES[page], re.MULTILINE)


def test_files_that_examples_make_are_ignored_by_git() -> None:
    text = "\n".join(PAGES.values())
    made = set(re.findall(r"--(?:out|html) ([\w.]+\.(?:json|html))\b", text)) - SETS | {"kb/"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert made == set(MADE)
    assert {f"/{name}" for name in made} <= set(ignored)


@pytest.mark.slow
def test_index_commands_of_the_guide_run(tmp_path: Path) -> None:
    block = next(block for block in BLOCKS if "index add" in block)
    printed = [articleqa(line, tmp_path) for line in block.splitlines()]
    assert printed[0].startswith("2 added")
    assert printed[1].startswith("As a result, a court in southern Kazakhstan on January 4 shut down")
    assert len(printed[2].splitlines()) == 2
    assert "left out" in printed[3]
    assert printed[-1].endswith("rebuilt from 2 articles, none lost\n")


@pytest.mark.slow
def test_training_commands_of_the_guide_run(tmp_path: Path) -> None:
    block = next(block for block in BLOCKS if "train" in block)
    sets = re.findall(r"eval/\w+\.jsonl", block)
    assert len(sets) == 2
    for name in sets:  # every sixth question: all of them take a minute
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()[::6]
        (tmp_path / Path(name).name).write_text("\n".join(lines), encoding="utf-8")
        block = block.replace(name, str(tmp_path / Path(name).name))
    printed = [articleqa(line, tmp_path) for line in block.splitlines()]
    assert {path.name for path in tmp_path.glob("*.json")} == {"ranker.json", "confidence.json"}
    assert "P@1 by words on held-out articles" in printed[0]
    assert "min_confidence" in printed[1]
    assert "seeds/" in printed[2]


def test_no_block_of_commands_goes_untested() -> None:
    assert len(BLOCKS) == 2


@pytest.mark.parametrize("page", ALL_PAGES)
def test_place_named_in_backticks_exists(page: str) -> None:
    named = re.findall(rf"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:{FILE_TYPES}))`", ALL_PAGES[page])
    bases = (ROOT, ROOT / "eval", (ROOT / page).parent, SOURCE, SOURCE / "data", LANGUAGES, LANGUAGE.folder)
    unknown = {name for name in named if "NAME" not in name} - NAMED_BUT_NOT_THERE - SETS
    assert [name for name in sorted(unknown) if not any((base / name).exists() for base in bases)] == []


@pytest.mark.parametrize("page", ALL_PAGES)
def test_module_named_on_a_page_exists(page: str) -> None:
    named = set(re.findall(r"\barticleqa(?:\.[a-z_]\w*)+\b", ALL_PAGES[page])) - NO_MODULES
    places = [SOURCE.joinpath(*name.split(".")[1:]) for name in sorted(named)]
    assert [str(place) for place in places if not _is_module(place)] == []


def _is_module(place: Path) -> bool:
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


@pytest.mark.parametrize("page", ALL_PAGES)
def test_link_leads_to_a_file_and_heading_that_exist(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", ALL_PAGES[page]):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        assert path.exists(), target
        assert not anchor or anchor in _anchors(path.read_text(encoding="utf-8")), target


def _anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_rooms_stand_in_the_order_of_their_imports() -> None:
    section = DOCS["docs/how-it-works.md"].split("\n## The rooms\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+?)(?:/|\.py)` \|", section, re.MULTILINE)
    there = [room for room in ROOMS if _is_module(SOURCE / room)]
    assert rows == there


def test_every_data_file_is_explained() -> None:
    named = set(re.findall(r"`([\w./]+)`", DOCS["docs/how-it-works.md"]))
    there = {
        path.relative_to(folder).as_posix()
        for folder in (SOURCE / "data", LANGUAGES)
        for path in folder.rglob("*.*")
        if path.suffix not in (".py", ".pyc")
    }
    assert there - named == set()


def test_reference_is_current() -> None:
    run("docs/make_reference.py", "--check")
