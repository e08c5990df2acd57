"""In this package's own processes nltk's modules are imported alone, and elsewhere nltk is imported whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent.parent / "src"
START = """
import sys
sys.path.insert(0, sys.argv[1])
from articleqa.nltk_parts import import_parts_alone, nltk_module
if sys.argv[2] == "own":
    import_parts_alone()
"""
WHICH = """
stem = nltk_module("nltk.stem.snowball").EnglishStemmer().stem
distance = nltk_module("nltk.metrics.distance").edit_distance
print(stem("ferries"), distance("ferry", "fairy"), "nltk" in sys.modules)
"""
AFTERWARDS = """
alone = nltk_module("nltk.tokenize.punkt").PunktSentenceTokenizer()
import nltk
whole = nltk.PunktSentenceTokenizer()
text = "It sailed. It sank at 3 p.m. on Monday. Nobody died."
print(alone.tokenize(text) == whole.tokenize(text), nltk.word_tokenize.__module__)
"""
NEEDS_MORE = """
import articleqa.nltk_parts
articleqa.nltk_parts._PACKAGES = (*articleqa.nltk_parts._PACKAGES, "nltk.nowhere")
"""


def printed_by(code: str, process: str) -> str:
    command = [sys.executable, "-c", START + code, str(SOURCES), process]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("process", "printed"), [("own", "ferri 2 False"), ("users", "ferri 2 True")])
def test_only_in_our_own_processes_nltk_is_not_imported_whole(process: str, printed: str) -> None:
    assert printed_by(WHICH, process) == printed


def test_nltk_can_be_imported_whole_after_a_part_alone() -> None:
    assert printed_by(AFTERWARDS, "own") == "True nltk.tokenize"


def test_nltk_is_imported_whole_if_a_part_alone_cannot_be() -> None:
    assert printed_by(NEEDS_MORE + WHICH, "own") == "ferri 2 True"
