"""Check a citation against its source file, which is read again."""

from __future__ import annotations

from articleqa.exceptions import ArticleNotFoundError, ArticleReadError
from articleqa.loaders.paths import file_at
from articleqa.loaders.records import fields_of
from articleqa.loaders.sandbox import ArticleFile, load_files
from articleqa.models import Citation, SourceCheck

_ANY = "source"
"""A placeholder for the file's id; only the ids of the articles in the file depend on it."""


def verify_source(citation: Citation) -> SourceCheck:
    """Read the source of `citation` again and return whether the quote and its surroundings are still there.

    Raises:
        ArticleNotFoundError: there is no such file.
        ArticleReadError: the file can no longer be read, or needs a library that is not installed.
    """
    path = file_at(citation.source)
    if path is None:
        raise ArticleNotFoundError(f"{citation.source or citation.article_id}: no such file to read again")
    file = ArticleFile(path, _ANY, str(path), named=True)
    (loaded,) = load_files([file], fields_of(citation.extractor))
    if reason := loaded.skipped or loaded.failed:
        raise ArticleReadError(f"{path}: {reason}")
    same = [a for a in loaded.articles if citation.article_id.endswith(a.id.removeprefix(_ANY))]
    if any(citation.verify(article.model_copy(update={"id": citation.article_id})) for article in same):
        return SourceCheck.YES
    extractors = {str(article.metadata.get("extractor", "")) for article in same}
    return SourceCheck.OTHER_VERSION if extractors - {citation.extractor} else SourceCheck.NO
