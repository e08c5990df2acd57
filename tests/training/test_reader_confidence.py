"""Confidence is fitted to whole folders, asked their own questions and those of others."""

import json
from pathlib import Path

import pytest

from articleqa.answering.confidence import ConfidenceModel
from articleqa.training.reader.confidence import main

FACTS = {
    "bees": [("Bees need {n} litres of water.", "How much water do bees of year {n} need?")],
    "ships": [("The ship number {n} sank in the harbour.", "Where did ship {n} sink?")],
}


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for name, ((sentence, question),) in FACTS.items():
        (tmp_path / name).mkdir()
        rows = []
        for number in range(10, 22):
            quote = sentence.format(n=number)
            text = f"# Page {number}\n\n{quote} Nothing else of note was ever written here.\n"
            (tmp_path / name / f"{number}.md").write_text(text, encoding="utf-8")
            answers = [{"article": f"{number}.md", "quote": quote}] if number % 4 else []
            row = {"id": str(number), "question": question.format(n=number), "kind": "fact"}
            rows.append(json.dumps({**row, "answers": answers}))
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_a_model_is_fitted_to_two_folders_and_its_curve_is_printed(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bees, ships = (str(folders / f"{name}.jsonl") for name in FACTS)
    out = folders / "confidence.json"
    about = ["--about", bees, str(folders / "bees"), ships, "--about", ships, str(folders / "ships"), bees]
    main([*about, "--risk", "0.3", "--out", str(out)])
    printed = capsys.readouterr().out
    assert "bees: " in printed
    assert "P@1 of the answerable" in printed
    assert "asked of other articles" in printed
    assert 0 <= ConfidenceModel.load(out).min_confidence <= 1
