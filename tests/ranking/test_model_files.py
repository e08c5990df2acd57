"""Model files are tied to the code: what was fitted to other features, inputs or terms is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from articleqa import DataFileError
from articleqa.answering.confidence import ConfidenceModel, Signals, shipped_confidence
from articleqa.data import data_path, read_data
from articleqa.ranking import model_file
from articleqa.ranking.features import FEATURES, feature_table
from articleqa.ranking.model_file import Weights
from articleqa.ranking.network import SHAPES
from articleqa.ranking.network_inputs import INPUTS, network_inputs
from articleqa.ranking.ranker import WORDS, Ranker, shipped_ranker
from articleqa.training.data_files import stamp
from samples import QUESTIONS, TEA, UNION, candidates_of

KINDS: dict[str, type[Weights]] = {"ranker.json": Ranker, "confidence_words.json": ConfidenceModel}
AGAIN = "; made by another version of articleqa; retrain it with this one"


def changed(name: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Return the shipped model file `name` after `change`."""
    model: dict[str, Any] = json.loads(read_data(name))
    change(model)
    return json.dumps(model)


def refusal(name: str, text: str) -> str:
    with pytest.raises(DataFileError) as raised:
        KINDS[name].from_json(text, name)
    message = str(raised.value)
    assert "\n" not in message
    return message


def swap(names: list[str]) -> None:
    names[0], names[1] = names[1], names[0]


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("ranker.json", "overlap", "overlap_before"), ("confidence_words.json", "overlap", "soft_overlap")],
)
def test_two_swapped_features_are_refused(name: str, first: str, second: str) -> None:
    told = refusal(name, changed(name, lambda model: swap(model["features"])))
    assert told == f"{name}: features: number 1 is {second!r}, but {first!r} in this version{AGAIN}"


def test_two_features_swapped_in_the_code_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names = list(FEATURES)
    swap(names)
    monkeypatch.setattr(Ranker, "own_features", tuple(names))
    assert "features: number 1 is 'overlap'" in refusal("ranker.json", read_data("ranker.json"))


@pytest.mark.parametrize("kind", INPUTS)
def test_two_swapped_inputs_are_refused(kind: str) -> None:
    told = refusal("ranker.json", changed("ranker.json", lambda model: swap(model["inputs"][kind])))
    first, second, *_ = INPUTS[kind]
    assert f"is '{kind}: {second}', but '{kind}: {first}' in this version" in told
    assert told.startswith("ranker.json: inputs: number ")


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda model: model["features"].pop(), "features: number .* is 'missing', but '.*' in this version"),
        (lambda model: model["features"].append("x"), "features: number .* is 'x', but 'none' in this"),
        (lambda model: model.pop("features"), "features: Field required"),
        (lambda model: model.pop("analyser"), "analyser: Field required"),
        (lambda model: model.update(analyser="en-0-x"), "analyser: 'en-0-x' is not 'en-.*; made by another"),
        (lambda model: model["weights"].update(x=1.0), "weights: 'x' is not a feature; made by another"),
    ],
)
def test_other_code_is_named_in_one_line(name: str, change: Callable[[Any], object], told: str) -> None:
    assert re.match(f"{name}: {told}", refusal(name, changed(name, change)))


def test_a_ranker_without_its_inputs_is_refused() -> None:
    text = changed("ranker.json", lambda model: model.pop("inputs"))
    assert refusal("ranker.json", text) == "ranker.json: inputs: Field required"


def test_other_stop_words_are_another_analyser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "analysis_identity", lambda: "en-2-other")
    assert "is not 'en-2-other'" in refusal("ranker.json", read_data("ranker.json"))


def test_what_is_made_here_is_read_back() -> None:
    assert Ranker.from_json(shipped_ranker().model_dump_json()) == shipped_ranker()
    assert ConfidenceModel.from_json(shipped_confidence(WORDS).model_dump_json()) == shipped_confidence(WORDS)
    assert set(shipped_confidence(WORDS).weights) == set(Signals._fields)
    assert set(shipped_ranker().weights) == set(FEATURES)


def test_each_input_has_a_name_of_its_own() -> None:
    for names in INPUTS.values():
        assert len(set(names)) == len(names)


def test_widths_of_arrays_are_numbers_of_names() -> None:
    found = candidates_of(QUESTIONS[0], UNION, TEA)
    given = network_inputs(found, feature_table(found), np.arange(len(found)))
    assert {kind: getattr(given, f"{kind}_features").shape[1] for kind in INPUTS} == {
        kind: len(names) for kind, names in INPUTS.items()
    }
    network = shipped_ranker().network
    assert network is not None
    assert {name: array.shape for name, array in network.network.arrays.items()} == SHAPES


@pytest.mark.parametrize("name", KINDS)
def test_stamping_writes_the_names_and_keeps_the_numbers(name: str, tmp_path: Path) -> None:
    def forget(model: dict[str, Any]) -> None:
        model |= {"version": 1, "features": ["old"], "analyser": "en-0-x"}
        model.pop("inputs", None)

    path = tmp_path / "mine.json"
    path.write_text(changed(name, forget), encoding="utf-8")
    stamp.main([str(path)])
    assert path.read_bytes() == data_path(name).read_bytes()
