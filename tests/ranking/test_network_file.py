"""A ranker's network in its file: what comes back, and what is said of a damaged one."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

import numpy as np
import pytest

from articleqa.exceptions import DataFileError
from articleqa.ranking.network import SHAPES, Network
from articleqa.ranking.network_file import StoredNetwork
from articleqa.ranking.ranker import Ranker
from samples import random_network, ranker

NETWORK = random_network()
TEXT = ranker(NETWORK, overlap=1.0).model_dump_json()


def test_a_network_comes_back_from_its_file_as_it_was() -> None:
    read = Ranker.from_json(TEXT)
    assert read.network is not None
    assert read.network.network.arrays.keys() == SHAPES.keys()
    for name, array in read.network.network.arrays.items():
        assert array.dtype == np.float32
        assert array.tobytes() == NETWORK.arrays[name].tobytes()
    assert read.model_dump_json() == TEXT


def test_what_is_stored_is_sixteen_bits_a_number() -> None:
    stored = StoredNetwork.of(NETWORK)
    bias = base64.b64decode(stored.arrays["word_output"])
    assert np.frombuffer(bias, "<f2").tolist() == NETWORK.parameters.word_output.tolist()


def with_arrays(arrays: Mapping[str, str], sha256: str | None = None) -> str:
    """Return the file with these arrays, and the checksum that fits them unless one is given."""
    if sha256 is None:
        data = b"".join(base64.b64decode(arrays[name]) for name in sorted(arrays))
        sha256 = hashlib.sha256(data).hexdigest()
    return json.dumps(json.loads(TEXT) | {"network": {"sha256": sha256, "arrays": dict(arrays)}})


STORED = StoredNetwork.of(NETWORK)
WITHOUT_ONE = {name: text for name, text in STORED.arrays.items() if name != "gate_bias"}
SHORT = base64.b64encode(bytes(126)).decode()
NAN = base64.b64encode(np.full(64, np.nan, "<f2").tobytes()).decode()


def test_the_arrays_as_they_are_are_read() -> None:
    assert Ranker.from_json(with_arrays(STORED.arrays)).network == STORED


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (with_arrays({**STORED.arrays, "gate_bias": "?"}, STORED.sha256), r"not base64"),
        (with_arrays({**STORED.arrays, "gate_bias": "é"}, STORED.sha256), r"not base64"),
        (with_arrays({**STORED.arrays, "gate_bias": NAN}, STORED.sha256), r"checksum"),
        (with_arrays(STORED.arrays, "0" * 64), r"checksum"),
        (with_arrays(STORED.arrays, ""), r"checksum"),
        (with_arrays(WITHOUT_ONE), r"missing or not known: gate_bias"),
        (with_arrays({**STORED.arrays, "mine": SHORT}), r"missing or not known: mine"),
        (with_arrays({**STORED.arrays, "gate_bias": SHORT}), r"gate_bias has 126 bytes, not 128"),
        (with_arrays({**STORED.arrays, "gate_bias": NAN}), r"gate_bias has values that are not finite"),
        (with_arrays({}), r"missing or not known: .*word_weights"),
    ],
)
def test_a_damaged_network_is_one_line_that_names_the_file_and_the_fault(text: str, fault: str) -> None:
    with pytest.raises(DataFileError, match=rf"^mine\.json: network: .*{fault}") as raised:
        Ranker.from_json(text, "mine.json")
    assert "\n" not in str(raised.value)


def test_arrays_of_another_version_are_refused_also_in_python() -> None:
    with pytest.raises(ValueError, match="gate_bias"):
        Network.from_arrays({name: array for name, array in NETWORK.arrays.items() if name != "gate_bias"})
