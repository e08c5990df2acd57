"""The public verbs: `ask`, and an index of articles to ask, in memory or on disk.

`index` has the verbs; `corpus` says what both kinds of index keep, `memory` and `disk` keep it; `finding`
turns a question into the passages that could answer it; `analysing` turns articles into what is indexed.
"""

from articleqa.articles.loading import load_articles
from articleqa.collection.asking import ask
from articleqa.collection.changes import Changes
from articleqa.collection.index import ArticleIndex

__all__ = ["ArticleIndex", "Changes", "ask", "load_articles"]
