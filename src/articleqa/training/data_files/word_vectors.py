"""Make the word vectors that the package ships: `python -m articleqa.training.data_files.word_vectors`.

Each word is run alone through a sentence-transformers model (all-MiniLM-L6-v2, Apache-2.0), as model2vec
distils one (Tulkens and van Dongen 2024, "Model2Vec: Fast State-of-the-Art Static Embeddings"). The vectors
of all words of a term are averaged, then centred, reduced by PCA, brought to unit length and kept in 8 bits.
Needs torch and transformers, unlike the other modules in this folder.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from articleqa.arrays import Float32Array
from articleqa.lexicon.word_vectors import DIMENSIONS, NEIGHBOURS, NO_NEIGHBOUR, SYNONYM_COSINE
from articleqa.text.terms import stop_terms, terms

SOURCES = ("squad2.json", "newwiki.json", "reddit.json")

FORMS = 4
"""How many forms of a term have their vectors averaged: the most common ones."""

WORDPIECE_COUNT = 3
"""Count given to each word of the model's own vocabulary; an occurrence in the texts counts 1."""


def main(arguments: list[str] | None = None) -> None:
    """Write `word_vectors.txt` (terms), `.npy` (vectors) and `word_neighbours.npy` to `--out`.

    Raises:
        OSError: the model, a question set or the word list cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.data_files.word_vectors", description=__doc__
    )
    parser.add_argument("--model", type=Path, required=True, help="folder of the sentence-transformers model")
    parser.add_argument("--data", type=Path, required=True, help=f"folder holding {', '.join(SOURCES)}")
    parser.add_argument("--words", type=Path, required=True, help="a list of English words, one a line")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    counts = count_words(options.model, options.data, options.words)
    forms = forms_by_term(counts)
    words = sorted({word for group in forms.values() for word in group}, key=lambda word: (len(word), word))
    embedded = dict(zip(words, embed(options.model, words), strict=True))
    table = quantise(reduce(average(forms, counts, embedded), counts_of(forms, counts)))
    (options.out / "word_vectors.txt").write_text("\n".join(sorted(forms)) + "\n", encoding="utf-8")
    np.save(options.out / "word_vectors.npy", table)
    np.save(options.out / "word_neighbours.npy", neighbours(table))


def count_words(model: Path, data: Path, word_list: Path) -> Counter[str]:
    """Count the lower-case ASCII words of the model's vocabulary, the question sets and the list."""
    vocabulary = (model / "vocab.txt").read_text(encoding="utf-8").split("\n")
    counts: Counter[str] = Counter()
    for word in vocabulary:
        counts[word] += WORDPIECE_COUNT
    counts.update(word_list.read_text(encoding="utf-8").split())
    for name in SOURCES:
        for text in _paragraphs(json.loads((data / name).read_text(encoding="utf-8"))):
            counts.update(regex.findall(r"[^\W\d_]+", text.lower()))
    # Capitalised words of the list are names; the texts were lower-cased above.
    return Counter(
        {w: n for w, n in counts.items() if len(w) > 1 and w.isascii() and w.isalpha() and w.islower()}
    )


def _paragraphs(squad: Any) -> Iterator[str]:
    for article in squad["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"]


def forms_by_term(counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Group words by the term they stem to, most common forms first; stop words are left out."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for word in counts:
        found = terms(word)
        if len(found) == 1 and found[0].isalpha() and found[0] not in stop_terms():
            groups[found[0]].append(word)
    return {
        term: sorted(group, key=lambda word: (counts[word], word), reverse=True)[:FORMS]
        for term, group in groups.items()
    }


def embed(model: Path, words: Sequence[str], batch: int = 512) -> Float32Array:
    """Return the mean of the model's last hidden states for each word alone, at unit length."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, network = AutoTokenizer.from_pretrained(model), AutoModel.from_pretrained(model).eval()
    rows: list[Float32Array] = []
    with torch.no_grad():
        for start in range(0, len(words), batch):
            encoded = tokenizer(list(words[start : start + batch]), return_tensors="pt", padding=True)
            states = network(**encoded).last_hidden_state
            mask = encoded["attention_mask"][..., None]
            rows.append(((states * mask).sum(1) / mask.sum(1)).numpy())
    embedded = np.vstack(rows)
    return np.asarray(embedded / np.linalg.norm(embedded, axis=1, keepdims=True), dtype=np.float32)


def average(
    forms: Mapping[str, Sequence[str]], counts: Mapping[str, int], embedded: Mapping[str, Float32Array]
) -> Float32Array:
    """Return a row for each term in sorted order: its forms' mean vector, weighted by log(1 + count)."""
    return np.vstack(
        [
            np.average(
                [embedded[w] for w in forms[term]],
                axis=0,
                weights=[math.log1p(counts[w]) for w in forms[term]],
            )
            for term in sorted(forms)
        ]
    )


def counts_of(forms: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> Float32Array:
    """Return how often each term occurs, in sorted order."""
    return np.array([sum(counts[word] for word in forms[term]) for term in sorted(forms)], dtype=np.float32)


def reduce(rows: Float32Array, counts: Float32Array) -> Float32Array:
    """Centre the rows and keep their first principal components; each term is weighted by log(1 + count)."""
    weights = np.log1p(counts)
    centred = rows - np.average(rows, axis=0, weights=weights)
    _, _, components = np.linalg.svd(centred * np.sqrt(weights)[:, None], full_matrices=False)
    return np.asarray(centred @ components[:DIMENSIONS].T, dtype=np.float32)


def quantise(rows: Float32Array) -> NDArray[np.int8]:
    """Return the rows in 8 bits, each scaled to a largest absolute value of 127: only directions matter."""
    scaled = rows / np.abs(rows).max(axis=1, keepdims=True) * 127
    return np.asarray(np.round(scaled), dtype=np.int8)


def neighbours(table: NDArray[np.int8]) -> NDArray[np.uint16]:
    """Return each term's nearest terms as row numbers, nearest first, then `NO_NEIGHBOUR`."""
    rows = table.astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = np.full((len(rows), NEIGHBOURS), NO_NEIGHBOUR, dtype=np.uint16)
    for block in _blocks(len(rows)):
        cosines = np.round(rows[block] @ rows.T, 4)
        cosines[np.arange(len(cosines)), np.arange(len(rows))[block]] = -1.0  # no term is its own neighbour
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :NEIGHBOURS]
        alike = np.take_along_axis(cosines, nearest, axis=1) >= SYNONYM_COSINE
        found[block] = np.where(alike, nearest, NO_NEIGHBOUR)
    return found


def _blocks(n: int, size: int = 1_000) -> Iterable[slice]:
    return (slice(start, start + size) for start in range(0, n, size))


if __name__ == "__main__":
    main()
