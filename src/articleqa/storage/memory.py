"""A store of articles and passages in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import TypeVar

from articleqa.models import Article
from articleqa.passage_text import LineTable, PassageText
from articleqa.passages import AnalysedPassage
from articleqa.storage.checksums import checksum_of, fields_of
from articleqa.storage.digests import digest_of
from articleqa.storage.files import file_of
from articleqa.storage.protocol import Document, KnownArticle

T = TypeVar("T")


class MemoryStore:
    """A `Store` that keeps everything in dictionaries."""

    def __init__(self) -> None:
        """Start empty."""
        self._articles: dict[str, Article] = {}
        self._documents: dict[str, Document] = {}
        self._keys: dict[str, list[str]] = {}
        self._lines: dict[str, LineTable] = {}
        self._counter = count()
        self._groups: dict[bytes, dict[str, Document]] = {}
        self._digests: dict[str, bytes] = {}

    @property
    def articles(self) -> Mapping[str, Article]:
        """See `Store.articles`."""
        return MappingProxyType(self._articles)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""
        return [document.passage for document in self._documents.values()]

    def titles(self) -> dict[str, str]:
        """See `Store.titles`."""
        return {article.id: article.title for article in self._articles.values()}

    def documents_at(self, keys: Sequence[str]) -> list[Document]:
        """See `Store.documents_at`."""
        return [self._documents[key] for key in keys if key in self._documents]

    def copies_of(self, passages: Sequence[AnalysedPassage]) -> list[Sequence[Document]]:
        """See `Store.copies_of`."""
        return [list(self._groups[self._digests[passage.key]].values()) for passage in passages]

    def texts_at(self, keys: Sequence[str]) -> Mapping[str, PassageText]:
        """See `Store.texts_at`."""
        return {key: self._text(self._documents[key].passage) for key in keys}

    def consistently(self, read: Callable[[], T]) -> T:
        """See `Store.consistently`. A store in memory does not change meanwhile, so one call is enough."""
        return read()

    def known(self, ids: Sequence[str]) -> dict[str, KnownArticle]:
        """Return what decides about articles with these ids, as far as they are in the store."""
        held = (self._articles[id_] for id_ in ids if id_ in self._articles)
        return {a.id: KnownArticle(a.source, file_of(a), checksum_of(fields_of(a))) for a in held}

    def passages_of(self, article_id: str) -> list[AnalysedPassage]:
        """Return an article's passages in reading order."""
        return [self._documents[key].passage for key in self._keys[article_id]]

    def keys_of(self, article_id: str) -> Sequence[str]:
        """Return the keys of an article's passages."""
        return self._keys[article_id]

    def add(self, article: Article, passages: Iterable[AnalysedPassage]) -> list[Document]:
        """Add an article whose id is not in the store yet; return its passages as `documents_at` does."""
        order = next(self._counter)
        documents = [_document(passage, order) for passage in passages]
        self._articles[article.id] = article
        self._keys[article.id] = [document.key for document in documents]
        self._lines[article.id] = LineTable(article.text)
        for document in documents:
            digest = digest_of(document.passage, article.text)
            self._documents[document.key] = document
            self._digests[document.key] = digest
            self._groups.setdefault(digest, {})[document.key] = document
        return documents

    def remove(self, article_id: str) -> None:
        """Remove an article that is in the store."""
        del self._articles[article_id], self._lines[article_id]
        for key in self._keys.pop(article_id):
            del self._documents[key]
            digest = self._digests.pop(key)
            del self._groups[digest][key]
            if not self._groups[digest]:
                del self._groups[digest]

    def _text(self, passage: AnalysedPassage) -> PassageText:
        article_id = passage.passage.article_id
        return PassageText.of(self._articles[article_id], passage.passage, self._lines[article_id])


def _document(passage: AnalysedPassage, order: int) -> Document:
    return Document(passage.key, order, passage.passage.span.start, passage.terms(), lambda: passage)
