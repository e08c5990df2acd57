"""The folders that the reader is trained on are made again from clones, always alike."""

import subprocess
from pathlib import Path

import pytest

from articleqa.evaluation.questions import read_questions
from articleqa.models import Article
from articleqa.training.reader.folders import Source, main, read_sources, write_folder

FOLDERS = Path(__file__).parents[2] / "eval" / "folders"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository with some documents of all kinds."""
    folder = tmp_path / "clones" / "owner" / "name"
    (folder / "docs").mkdir(parents=True)
    for number in range(6):
        (folder / "docs" / f"{number}.md").write_text(f"Page {number}. " * 60, encoding="utf-8")
    (folder / "docs" / "template.html.md.erb").write_text(
        "A page made of a template. " * 30, encoding="utf-8"
    )
    (folder / "docs" / "short.md").write_text("Too short.", encoding="utf-8")
    (folder / "docs" / "latin.md").write_bytes("Ünsinn. ".encode("latin-1") * 100)
    (folder / "code.py").write_text("print()\n" * 100, encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Add documents"]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *command], cwd=folder, check=True, capture_output=True)
    return folder


def source(**changes: object) -> Source:
    given = {"name": "some", "repository": "owner/name", "commit": "HEAD", "files": r"^docs/", "most": 50}
    return Source.model_validate({**given, "licence": "CC0 1.0", **changes})


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_short_or_foreign_records_are_left_out(clone: Path, tmp_path: Path) -> None:
    assert write_folder(source(), clone, tmp_path / "out") == 7
    pages = [f"docs/{number}.md" for number in range(6)]
    assert files_of(tmp_path / "out") == [*pages, "docs/template.md"]


def test_the_same_files_are_drawn_each_time(clone: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert write_folder(source(most=3), clone, tmp_path / name) == 3
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    write_folder(source(most=3, seed=5), clone, tmp_path / "three")
    assert files_of(tmp_path / "three") != files_of(tmp_path / "one")


def test_a_book_in_latin_1_becomes_utf_8(clone: Path, tmp_path: Path) -> None:
    assert write_folder(source(files=r"^docs/latin\.md$", most=1), clone, tmp_path / "out") == 1
    assert (tmp_path / "out" / "docs" / "latin.md").read_text(encoding="utf-8").startswith("Ünsinn.")


def test_all_folders_of_a_file_are_written_from_the_clones(
    clone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "sources.json"
    sources.write_text(f"[{source(below='manual').model_dump_json()}]", encoding="utf-8")
    main([str(sources), "--clones", str(tmp_path / "clones"), "--out", str(tmp_path / "out")])
    assert capsys.readouterr().out == "some: 7 files of owner/name\n"
    assert "manual/docs/0.md" in files_of(tmp_path / "out" / "some")


def test_each_question_file_has_a_source_and_can_be_read() -> None:
    sources = read_sources(FOLDERS / "sources.json")
    names = {path.stem for path in FOLDERS.glob("*.jsonl")}
    assert names == {source.name for source in sources}
    assert sum(source.held_out for source in sources) == 6
    for name in sorted(names):
        rows = (FOLDERS / f"{name}.jsonl").read_text(encoding="utf-8")
        assert rows.count('"answers": []') >= 5, name


def test_the_quotes_of_a_question_file_are_looked_up_in_its_articles(tmp_path: Path) -> None:
    first = (FOLDERS / "gdsway.jsonl").read_text(encoding="utf-8").split("\n")[0]
    path = tmp_path / "one.jsonl"
    path.write_text(first, encoding="utf-8")
    text = (
        "Use [GOV.UK Notify](https://www.notifications.service.gov.uk/) when sending notifications to users"
        " from a GDS service, for example password resets and confirmation emails."
    )
    found = read_questions(path, [Article(id="source/standards/sending-email.md", text=text)])
    assert found.questions[0].golds[0].start == 0
