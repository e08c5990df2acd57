"""Which blocks of a web page are kept: the likely ones, and what rules add and take away.

The model alone would lose who said a quote, a caption, or an item or row that it is unsure of; and on a small
page it lets through what stands beside the text. How sure it must be was chosen on half A of the public sets
(see eval/web_pages.py), and by the pages in tests/fixtures/html.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array
from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.loaders.html.block_features import block_features
from articleqa.loaders.html.block_model import block_model, likely
from articleqa.loaders.html.block_names import name_features, names_around
from articleqa.loaders.html.candidates import Candidates
from articleqa.loaders.html.captions import has_picture
from articleqa.loaders.html.places import are_inside, foreign_sections
from articleqa.loaders.html.stray_blocks import is_mostly_links

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSURE = 0.2
"""Least probability of a block in the middle of the main text, if something else speaks for it."""

_SURE = 0.6
"""Least probability of a block in a section of other articles, and of links that trafilatura leaves out."""

_IMPROBABLE = 0.15
"""A short block with a lower probability that trafilatura leaves out is a label beside a page's few words."""

_MOST_BLOCKS = 50_000
"""Of a page with more blocks, all that is neither boilerplate nor mostly links is kept: trafilatura takes
nothing of so large a page, and the model has seen none like it."""

_FEWEST_WORDS = 60
"""Of a page with fewer words, all is kept but boilerplate and labels beside the text."""

FEWEST_WORDS_OF_TEXT = 6
"""Words of a block that is the beginning of the text, not a date, a name or a button above it."""

_LEAST_WEIGHT = 0.5
"""Words that a block without words (a symbol) counts for."""


def selected(candidates: Candidates, title: str) -> list[ElementBlock]:
    """Return the blocks that are main text; `title` is the article's."""
    blocks = candidates.blocks
    if not blocks:
        return []
    stays = ~np.array(candidates.removed, dtype=bool)
    if len(blocks) > _MOST_BLOCKS:
        return _where(stays & ~_each(blocks, is_mostly_links), blocks)
    model = block_model()
    features = block_features(*candidates, title) | name_features(names_around(blocks), model.name_scores)
    words = np.maximum(np.expm1(features["words"]), _LEAST_WEIGHT)
    probabilities = model.probabilities(features)
    taken = np.array(candidates.taken, dtype=bool)
    is_heading = features["heading"] > 0
    if words[stays].sum() < _FEWEST_WORDS:
        is_short = (words < FEWEST_WORDS_OF_TEXT) & ~is_heading
        is_label = is_short & ~taken & (probabilities < _IMPROBABLE)
        return _where(stays & ~is_label if taken.any() else stays, blocks)
    captions = (features["caption"] > 0) & ~is_heading & ~_each(blocks, has_picture)
    others = foreign_sections(blocks, candidates.taken)
    is_link = _each(blocks, is_mostly_links)
    leads_away = _each(blocks, others.__contains__) | (is_link & ~taken & ~is_heading)
    is_own = stays & ~(leads_away & (probabilities < _SURE))

    is_kept = is_own & ~captions & likely(probabilities, words)
    is_kept |= stays & _is_heading_above(features, is_kept)
    inside = np.array(are_inside(blocks, list(is_kept)), dtype=bool)
    is_kept &= inside | ~_each(blocks, _is_text_of_cell)

    quotes = [_quote_around(block) for block in blocks]
    in_quote = np.array([quote is not None for quote in quotes], dtype=bool)
    leads_on = is_heading & np.append(is_kept[1:], False)
    in_list = (features["item"] > 0) | (features["row"] > 0)
    is_likelier = taken | in_quote | in_list | leads_on
    may_stay = captions | (is_likelier & (probabilities >= _UNSURE))
    is_kept |= is_own & may_stay & (inside | _is_between_heading_and_text(features, is_kept))
    kept_quotes = {quote for quote, keep in zip(quotes, is_kept, strict=True) if keep and quote is not None}
    is_kept |= is_own & np.array([quote in kept_quotes for quote in quotes], dtype=bool)
    # On a page of captions only, or of a footer only, no block is likely to be main text.
    return _where(is_kept if is_kept.any() else stays & ~is_link, blocks)


def _each(blocks: Sequence[ElementBlock], says: Callable[[ElementBlock], bool]) -> NDArray[np.bool_]:
    return np.array([says(block) for block in blocks], dtype=bool)


def _where(is_kept: NDArray[np.bool_], blocks: Sequence[ElementBlock]) -> list[ElementBlock]:
    return [block for block, keep in zip(blocks, is_kept, strict=True) if keep]


def _is_text_of_cell(block: ElementBlock) -> bool:
    """Return whether a block is text right in a cell of a table that lays out the page."""
    return block.role is Role.PARAGRAPH and block.element.tag == "td"


def _quote_around(block: ElementBlock) -> _Element | None:
    around = (block.element, *block.element.iterancestors())
    return next((element for element in around if element.tag == "blockquote"), None)


def _is_heading_above(features: Mapping[str, Float64Array], is_kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each block is the article's heading.

    That is the last heading above the text that equals the title, or else the last of the highest level.
    """
    order, is_heading = np.arange(len(is_kept)), features["heading"] > 0
    is_above = is_heading & (order <= (int(is_kept.argmax()) if is_kept.any() else -1))
    named, highest = (np.flatnonzero(is_above & (features[name] == 1)) for name in ("title", "level"))
    return np.isin(order, (named if len(named) else highest)[-1:])


def _is_between_heading_and_text(
    features: Mapping[str, Float64Array], is_kept: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return whether each block is between the article's heading and the beginning of its text."""
    is_heading = features["heading"] > 0
    tops = np.flatnonzero(is_kept & is_heading & ((features["title"] > 0) | (features["level"] == 1)))
    is_text = ~is_heading & (np.expm1(features["words"]) >= FEWEST_WORDS_OF_TEXT)
    texts = np.flatnonzero(is_kept & is_text)
    if not (len(tops) and len(texts)):
        return np.zeros(len(is_kept), dtype=bool)
    order = np.arange(len(is_kept))
    return np.asarray((order > tops[0]) & (order < texts[0]))
