"""Train the Punkt parameters that the package ships: `python -m articleqa.training.data_files.punkt`.

Reads the distinct paragraphs of three question sets in SQuAD v2.0 JSON, runs nltk's `PunktTrainer`
over them (Kiss & Strunk 2006, "Unsupervised Multilingual Sentence Boundary Detection", Computational
Linguistics 32), applies the rules below to drop what so small a corpus gets wrong, and writes one JSON
file whose bytes depend only on the paragraphs.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nltk.tokenize.punkt import PunktTrainer

from articleqa.text.sentences.punkt import CAPITAL_INSIDE, SMALL_INSIDE, VERSION

SOURCES = ("squad2.json", "newwiki.json", "reddit.json")

MIN_ABBREVIATION_COUNT = 3
"""An abbreviation without an inner period must occur with its period at least this often."""

MAX_BARE_SHARE = 0.1
"""An abbreviation may lack its period in at most this share of its occurrences."""

_DOTTED = re.compile(r"[a-z]{1,3}(?:\.[a-z]{1,2}){1,3}")
_SHORT = re.compile(r"[a-z]{2,3}")

MIN_CAPITAL_SHARE = 0.05
"""A word counts as capitalised inside sentences if it is so in more than this share of its occurrences
there: one title-cased headline must not make "his" a name."""

MIN_SMALL_SHARE = 0.2
"""A word counts as lower-case above this share: one careless comment must not make "Smith" a common noun."""

MIN_WORD_COUNT = 3
"""Rarer words say too little about their spelling, and are most of the vocabulary."""


def main(arguments: list[str] | None = None) -> None:
    """Read the question sets of `--data`, train, and write the parameters to `--out`.

    Raises OSError if a question set or the output file cannot be opened, and ValueError or KeyError if a
    question set is not SQuAD v2.0 JSON.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.data_files.punkt", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True, help=f"folder holding {', '.join(SOURCES)}")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    options = parser.parse_args(arguments)
    collections = {name: _paragraphs(options.data / name) for name in SOURCES}
    parameters = train(collections)
    text = json.dumps(parameters, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
    options.out.write_text(text, encoding="utf-8", newline="\n")


def train(collections: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Return the Punkt parameters learned from named collections of paragraphs, ready for JSON."""
    paragraphs = list(dict.fromkeys(p for collection in collections.values() for p in collection))
    trainer = PunktTrainer()
    learned = trainer.get_params()
    spellings: Counter[tuple[str, int]] = Counter()
    note_spelling = learned.add_ortho_context

    # Punkt keeps one flag for each kind of position that a word was seen in; we also need the counts.
    def count_spelling(word: str, flag: int) -> None:
        spellings[word, flag] += 1
        note_spelling(word, flag)

    learned.add_ortho_context = count_spelling
    trainer.train("\n\n".join(paragraphs))

    counts = _word_counts(paragraphs)
    orthography = _orthography(spellings)
    return {
        "version": VERSION,
        "training": f"nltk PunktTrainer on {len(paragraphs)} distinct paragraphs of {', '.join(SOURCES)}",
        "abbreviations": sorted(a for a in learned.abbrev_types if _is_abbreviation(a, counts)),
        "collocations": sorted(f"{first} {second}" for first, second in learned.collocations),
        "sentence_starters": sorted(w for w in learned.sent_starters if w in orthography or w == "i"),
        "orthography": orthography,
    }


def _paragraphs(path: Path) -> list[str]:
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [paragraph["context"] for article in data for paragraph in article["paragraphs"]]


def _word_counts(paragraphs: Iterable[str]) -> Counter[str]:
    """Count lower-cased words, with a final period but without other punctuation around them."""
    counts: Counter[str] = Counter()
    for paragraph in paragraphs:
        counts.update(word.strip("\"'()[]{},;:!?“”‘’") for word in paragraph.lower().split())
    return counts


def _is_abbreviation(word: str, counts: Mapping[str, int]) -> bool:
    """Return whether a learned abbreviation is plausible.

    It has letters only: either with a period after every one to three of them (u.s, ph.d), or two or three
    letters that occur often enough. It hardly ever occurs without its period, unlike ordinary short words.
    """
    with_period, bare = counts[word + "."], counts[word]
    if bare > MAX_BARE_SHARE * (with_period + bare):
        return False
    if _DOTTED.fullmatch(word):
        return True
    return _SHORT.fullmatch(word) is not None and with_period >= MIN_ABBREVIATION_COUNT


def _orthography(spellings: Counter[tuple[str, int]]) -> dict[str, int]:
    """Return the capitalisation of each word: SMALL_INSIDE, or SMALL_INSIDE + CAPITAL_INSIDE.

    Words that are hardly ever in lower case are left out: Punkt treats them like unknown words.
    """
    orthography = {}
    for word in {word: None for word, _ in spellings}:
        capital, small = spellings[word, CAPITAL_INSIDE], spellings[word, SMALL_INSIDE]
        inside = capital + small
        if inside >= MIN_WORD_COUNT and word.isalpha() and small > MIN_SMALL_SHARE * inside:
            is_name_too = capital > MIN_CAPITAL_SHARE * inside
            orthography[word] = SMALL_INSIDE + (CAPITAL_INSIDE if is_name_too else 0)
    return orthography


if __name__ == "__main__":
    main()
