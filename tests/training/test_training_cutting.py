"""An article with a passage cut out: blocks and pages go with the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, Span, load_articles
from articleqa.models import Block, BlockKind
from articleqa.training.cutting import cut_out

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
KINDS = st.sampled_from([BlockKind.PROSE, BlockKind.HEADING, BlockKind.ROW, BlockKind.BOILERPLATE])
PARTS = st.lists(st.tuples(st.sampled_from(["The mill.", "It burnt down.", "a", "A row\tof two"]), KINDS))


def laid_out(parts: Sequence[tuple[str, BlockKind]], pages: Sequence[int]) -> Article:
    """Return an article of these blocks, whose pages begin with the blocks of these numbers."""
    blocks: list[Block] = []
    at = 0
    for text, kind in parts:
        blocks.append(Block(kind, Span(at, at + len(text)), level=int(kind is BlockKind.HEADING)))
        at += len(text) + 2
    text = "\n\n".join(text for text, _ in parts)
    starts = [0, *sorted(blocks[number % len(blocks)].span.start for number in pages)] if blocks else []
    return Article(id="a", text=text, blocks=tuple(blocks), pages=tuple(starts))


@given(PARTS, st.lists(st.integers(0, 9), max_size=3), st.integers(0, 80), st.integers(0, 40))
def test_what_is_left_is_what_stood_there(
    parts: list[tuple[str, BlockKind]], pages: list[int], start: int, length: int
) -> None:
    article = laid_out(parts, pages)
    cut = Span(min(start, len(article.text)), min(start + length, len(article.text)))
    left = cut_out(article, cut)
    assert left.text == article.text[: cut.start] + article.text[cut.end :]
    expected = []
    for block in article.blocks or ():
        inside = range(block.span.start, block.span.end)
        said = "".join(article.text[at] for at in inside if not cut.start <= at < cut.end).strip()
        if said:
            expected.append((block.kind, block.level, said))
    assert left.blocks is not None
    assert [(block.kind, block.level, block.span.of(left.text)) for block in left.blocks] == expected
    assert all(one.span.end <= other.span.start for one, other in pairwise(left.blocks))
    assert len(left.pages) == len(article.pages)
    for before, after in zip(article.pages, left.pages, strict=True):
        rest = article.text[before:] if before >= cut.end else article.text[cut.end :]
        if before >= cut.start:
            assert left.text[after:] == rest
        else:
            assert after == before


def test_a_text_without_blocks_stays_without() -> None:
    assert cut_out(Article(id="a", text="The mill."), Span(0, 4)).blocks is None


@pytest.mark.parametrize("name", ["pdf/tea.pdf", "docx/tea.docx", "html/tea.html", "txt/tea.txt"])
def test_a_file_without_a_passage_has_all_its_others(name: str) -> None:
    (article,) = load_articles(FORMATS / name)
    passages = [analysed.passage for analysed in ArticleIndex.from_articles([article]).passages]
    said = [[span.of(article.text) for span in passage.sentence_spans] for passage in passages]
    for number, passage in enumerate(passages):
        left = cut_out(article, passage.span)
        found = ArticleIndex.from_articles([left]).passages
        sentences = [span.of(left.text) for analysed in found for span in analysed.passage.sentence_spans]
        others = [sentence for other in said[:number] + said[number + 1 :] for sentence in other]
        assert sentences == others
