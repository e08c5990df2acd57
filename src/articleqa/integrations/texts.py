"""Texts of other frameworks as articles, to be asked once."""

from __future__ import annotations

from collections.abc import Iterable

from articleqa import Answer, Article, ArticleIndex


def ask_texts(
    question: str,
    texts: Iterable[tuple[str, str, object]],
    *,
    top_k: int,
    min_confidence: float | None = None,
) -> Answer:
    """Answer `question` from texts, each given by its id, itself and its title, which may be no string.

    Of texts with the same id the first counts; empty ones do not.
    """
    articles: dict[str, Article] = {}
    for key, text, title in texts:
        if text and key not in articles:
            articles[key] = Article(id=key, text=text, title=title if isinstance(title, str) else "")
    index = ArticleIndex.from_articles(articles.values())
    return index.ask(question, top_k=top_k, min_confidence=min_confidence)
