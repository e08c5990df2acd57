"""Fit the model that tells the main text of web pages from the rest, and write it into the package.

    python eval/train_web_pages.py --set PAGES GOLD all --set PAGES GOLD A ... --out FILE

PAGES and GOLD are as for eval/web_pages.py; `all` or `A` is the part of the set that is learned from. The
model is the sum of small trees in scikit-learn's HistGradientBoostingClassifier, from the features of
articleqa.loaders.html.block_features and block_names. A block with most of its words in the main text is an
example of it; of a set with phrases, only blocks with one of the phrases are examples. A page weighs the same
however long it is.

The words in the names of elements get their scores from the pages of the first set: the logarithm of how much
more often they stand around main text than around the rest. A page is learned from with the scores that the
others give.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from web_page_sets import SHINGLE, Gold, golds_of, half_of, words_of

from articleqa.arrays import Float64Array
from articleqa.loaders.html.block_features import block_features
from articleqa.loaders.html.block_model import DECIMALS, LEAF, BlockModel
from articleqa.loaders.html.block_names import Names, name_features, names_around
from articleqa.loaders.html.candidates import candidates_of
from articleqa.loaders.html.metadata import page_metadata
from articleqa.loaders.html.page import decoded_markup, parsed_page
from articleqa.loaders.protocol import UnreadableDataError

TREES = {
    "max_iter": 120,
    "learning_rate": 0.12,
    "max_leaf_nodes": 24,
    "min_samples_leaf": 100,
    "l2_regularization": 5.0,
    "max_features": 0.4,
    "random_state": 0,
}
"""How the trees are grown. A few others were tried, and differed by less than 0.003 of F1 on half B."""

WEIGHTS = {"text": 3.0, "phrases": 8.0}
"""What a page of a set after the first weighs, and each example that is made by a phrase; by half B too."""

FEWEST_PAGES = 5
"""A word in names has a score if this many pages have it."""

_NEAR = 60
"""Words of the main text between a short block and the blocks around it; farther away it is another's."""

_MOST = 0.5
"""The largest share of a page's examples that one block weighs."""


class Page(NamedTuple):
    """The blocks of a page: their features, the words in the names around them, and their labels.

    A label is 1 for main text, 0 for the rest, and -1 if it is unknown.
    """

    features: Mapping[str, Float64Array]
    names: Sequence[Names]
    labels: NDArray[np.int8]
    is_phrases: bool


@click.command()
@click.option("--set", "sets", type=(Path, str, click.Choice(["all", "A"])), multiple=True, required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--processes", default=2, show_default=True)
def main(sets: Sequence[tuple[Path, str, str]], out: Path, processes: int) -> None:
    """Fit the model to the pages of public sets, and write it."""
    with ProcessPoolExecutor(processes) as pool:
        read = [
            [page for page in pool.map(_page, _learned_from(*each), chunksize=4) if page] for each in sets
        ]
    counts = [_counts_of_names(page) for page in read[0]]
    total: defaultdict[str, Float64Array] = defaultdict(lambda: np.zeros(2))
    for of_page in counts:
        for word, count in of_page.items():
            total[word] += count
    scores = _scores(total)
    tables: list[Float64Array] = []
    weights: list[Float64Array] = []
    names: list[str] = []
    for number, pages in enumerate(read):
        for place, page in enumerate(pages):
            own = counts[place] if number == 0 else {}
            without = _scores({word: total[word] - count for word, count in own.items()})
            used = {word: score for word, score in scores.items() if word not in own} | without
            features = {**page.features, **name_features(page.names, used)}
            names = list(features)
            tables.append(np.column_stack(list(features.values())))
            weights.append(_weights(page, is_first=number == 0))
    table, weight = np.round(np.concatenate(tables), DECIMALS), np.concatenate(weights)
    label = np.concatenate([page.labels for pages in read for page in pages])
    known = label >= 0
    trees = HistGradientBoostingClassifier(**TREES)
    trees.fit(table[known], label[known], sample_weight=weight[known])
    about = f"Fitted by eval/train_web_pages.py to {len(tables)} pages of {len(sets)} sets."
    out.write_text(_model(trees, names, scores, about).model_dump_json() + "\n", encoding="utf-8")
    click.echo(f"{about} {known.sum()} blocks, {len(scores)} words in names.")


def _learned_from(pages: Path, gold: str, part: str) -> Iterator[Gold]:
    return (each for each in golds_of(pages, gold) if part == "all" or half_of(each.name) == part)


def _page(gold: Gold) -> Page | None:
    try:
        page = parsed_page(decoded_markup(gold.data()))
    except UnreadableDataError:
        return None
    kept = list(page.iter())  # else lxml makes new objects for the elements, and they cannot be compared
    title = str(page_metadata(page, "").get("title", ""))
    found = candidates_of(page, title)
    if not found.blocks:
        return None
    texts = [block.text for block in found.blocks]
    labels = _labels_by_phrases(texts, gold) if gold.text is None else _labels_by_text(texts, gold.text)
    read = Page(block_features(*found, title), names_around(found.blocks), labels, gold.text is None)
    del kept
    return read


def _labels_by_phrases(texts: Sequence[str], gold: Gold) -> NDArray[np.int8]:
    labels = np.full(len(texts), -1, dtype=np.int8)
    for number, text in enumerate(texts):
        is_wanted, is_unwanted = (
            any(" ".join(phrase.split()) in text for phrase in phrases)
            for phrases in (gold.wanted, gold.unwanted)
        )
        if is_wanted != is_unwanted:
            labels[number] = is_wanted
    return labels


def _labels_by_text(texts: Sequence[str], gold: str) -> NDArray[np.int8]:
    """Return the labels of blocks by the words of the main text, `gold`.

    A block of more words than a shingle is main text if most of its shingles are in `gold`. A shorter one
    must be in it near the block above or below it.
    """
    words = words_of(gold)
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for size in range(1, SHINGLE + 1):
        for place in range(len(words) - size + 1):
            places[tuple(words[place : place + size])].append(place)
    blocks = [words_of(text) for text in texts]
    starts: list[int | None] = [None] * len(blocks)
    labels = np.full(len(blocks), -1, dtype=np.int8)
    for number, block in enumerate(blocks):
        if len(block) > SHINGLE:
            all_shingles = [tuple(block[i : i + SHINGLE]) for i in range(len(block) - SHINGLE + 1)]
            found = [shingle for shingle in all_shingles if shingle in places]
            labels[number] = 2 * len(found) > len(all_shingles)
            starts[number] = places[found[0]][0] if labels[number] else None
    above: int | None = None
    below = _next_known(starts)
    for number, block in enumerate(blocks):
        if (start := starts[number]) is not None:
            above = start + len(block)
        elif 0 < len(block) <= SHINGLE:
            after = below[number]
            labels[number] = any(
                (above is not None and -SHINGLE < place - above <= _NEAR)
                or (after is not None and 0 <= after - place <= _NEAR)
                for place in places.get(tuple(block), ())
            )
    return labels


def _next_known(values: Sequence[int | None]) -> list[int | None]:
    """Return for each place the first value after it that is known."""
    found: list[int | None] = []
    known: int | None = None
    for value in reversed(values):
        found.append(known)
        known = known if value is None else value
    return found[::-1]


def _counts_of_names(page: Page) -> dict[str, Float64Array]:
    """Return of each word in names the shares of its blocks that are main text, and that are not.

    A word counts one for a page, however many blocks have it.
    """
    found: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for of_block, label in zip(page.names, page.labels, strict=True):
        if label >= 0:
            found[1 - label].update({word for of_element in of_block for word in of_element})
    counts = {word: np.array([each[word] for each in found], float) for word in {*found[0], *found[1]}}
    return {word: count / count.sum() for word, count in sorted(counts.items())}


def _scores(counts: Mapping[str, Float64Array]) -> dict[str, float]:
    return {
        word: round(math.log((count[0] + 1) / (count[1] + 1)), 4)
        for word, count in sorted(counts.items())
        if count.sum() >= FEWEST_PAGES - 1e-6
    }


def _weights(page: Page, *, is_first: bool) -> Float64Array:
    if page.is_phrases:
        return np.full(len(page.labels), WEIGHTS["phrases"])
    words = np.expm1(page.features["words"]) + 2
    of_main_text = max(100.0, float(words[page.labels == 1].sum()))
    return np.minimum(words / of_main_text, _MOST) * 100 * (1.0 if is_first else WEIGHTS["text"])


def _model(
    trees: HistGradientBoostingClassifier, names: Sequence[str], scores: Mapping[str, float], about: str
) -> BlockModel:
    """Return the fitted trees in the form of the package."""
    features: list[int] = []
    numbers: list[float] = []
    right: list[int] = []
    roots: list[int] = []

    def add(nodes: Any, number: int) -> None:
        node, place = nodes[number], len(features)
        is_leaf = bool(node["is_leaf"])
        features.append(LEAF if is_leaf else int(node["feature_idx"]))
        numbers.append(round(float(node["value" if is_leaf else "num_threshold"]), 6))
        right.append(0)
        if not is_leaf:
            add(nodes, int(node["left"]))
            right[place] = len(features)
            add(nodes, int(node["right"]))

    for (predictor,) in trees._predictors:
        roots.append(len(features))
        add(predictor.nodes, 0)
    used = sorted({feature for feature in features if feature != LEAF})
    numbered = {feature: number for number, feature in enumerate(used)} | {LEAF: LEAF}
    return BlockModel(
        about=about,
        features=tuple(names[feature] for feature in used),
        start=round(float(trees._baseline_prediction.item()), 6),
        roots=tuple(roots),
        node_features=tuple(numbered[feature] for feature in features),
        node_numbers=tuple(numbers),
        node_right=tuple(right),
        name_scores=scores,
    )


if __name__ == "__main__":
    main()
