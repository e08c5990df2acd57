"""The two sides of the comparison: articleqa, and rank-bm25 used as its page on PyPI shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from articleqa import Article, ArticleIndex
from benchmarks.corpus import paragraphs_of

Subquestion = Callable[[str], object]

ARTICLEQA = "articleqa"
PLAIN = "plain rank-bm25"


def build_articleqa(articles: Sequence[Article]) -> Subquestion:
    """Return the `ask` of a fully built index."""
    index = ArticleIndex.from_articles(articles)
    # BM25's tables are built at the first question; an empty question costs nothing else.
    index.ask("")
    return index.ask


def build_plain(articles: Sequence[Article]) -> Subquestion:
    """Return a search for the three best paragraphs; articleqa also returns three sentences."""
    # Imported here, as in articleqa, so that peak memory counts numpy on both sides.
    from rank_bm25 import BM25Okapi

    corpus = [paragraph for article in articles for paragraph in paragraphs_of(article)]
    bm25 = BM25Okapi([paragraph.lower().split() for paragraph in corpus])

    def ask(question: str) -> object:
        return bm25.get_top_n(question.lower().split(), corpus, n=3)

    return ask


BUILDERS: dict[str, Callable[[Sequence[Article]], Subquestion]] = {
    ARTICLEQA: build_articleqa,
    PLAIN: build_plain,
}
