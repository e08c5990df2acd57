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
        self._passages: dict[str, AnalysedPassage] = {}
        self._keys: dict[str, list[str]] = {}
        self._order: dict[str, int] = {}
        self._lines: dict[str, LineTable] = {}
        self._counter = count()
        self._groups: dict[bytes, dict[str, AnalysedPassage]] = {}
        self._digests: dict[str, bytes] = {}

    @property
    def articles(self) -> Mapping[str, Article]:
        """See `Store.articles`."""
        return MappingProxyType(self._articles)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""
        return list(self._passages.values())

    def titles(self) -> dict[str, str]:
        """See `Store.titles`."""
        return {article.id: article.title for article in self._articles.values()}

    def documents_at(self, keys: Sequence[str]) -> list[Document]:
        """See `Store.documents_at`."""
        return [self._document(self._passages[key]) for key in keys if key in self._passages]

    def copies_of(self, passages: Sequence[AnalysedPassage]) -> list[Sequence[Document]]:
        """See `Store.copies_of`."""
        digests = [self._digests[passage.key] for passage in passages]
        groups = {each: list(map(self._document, self._groups[each].values())) for each in set(digests)}
        return [groups[digest] for digest in digests]

    def texts_at(self, keys: Sequence[str]) -> Mapping[str, PassageText]:
        """See `Store.texts_at`."""
        return {key: self._text(self._passages[key]) for key in keys}

    def consistently(self, read: Callable[[], T]) -> T:
        """See `Store.consistently`. A store in memory does not change meanwhile, so one call is enough."""
        return read()

    def known(self, ids: Sequence[str]) -> dict[str, KnownArticle]:
        """Return what decides about articles with these ids, as far as they are in the store."""
        held = (self._articles[id_] for id_ in ids if id_ in self._articles)
        return {a.id: KnownArticle(a.source, file_of(a), checksum_of(fields_of(a))) for a in held}

    def passages_of(self, article_id: str) -> list[AnalysedPassage]:
        """Return an article's passages in reading order."""
        return [self._passages[key] for key in self._keys[article_id]]

    def keys_of(self, article_id: str) -> Sequence[str]:
        """Return the keys of an article's passages."""
        return self._keys[article_id]

    def add(self, article: Article, passages: Iterable[AnalysedPassage]) -> None:
        """Add an article whose id is not in the store yet."""
        analysed = list(passages)
        self._articles[article.id] = article
        self._keys[article.id] = [passage.key for passage in analysed]
        self._order[article.id] = next(self._counter)
        self._lines[article.id] = LineTable(article.text)
        for passage in analysed:
            digest = digest_of(passage, article.text)
            self._passages[passage.key] = passage
            self._digests[passage.key] = digest
            self._groups.setdefault(digest, {})[passage.key] = passage

    def remove(self, article_id: str) -> None:
        """Remove an article that is in the store."""
        del self._articles[article_id], self._order[article_id], self._lines[article_id]
        for key in self._keys.pop(article_id):
            del self._passages[key]
            digest = self._digests.pop(key)
            del self._groups[digest][key]
            if not self._groups[digest]:
                del self._groups[digest]

    def _document(self, passage: AnalysedPassage) -> Document:
        order = self._order[passage.passage.article_id]
        return Document(passage.key, order, passage.passage.span.start, passage.terms(), lambda: passage)

    def _text(self, passage: AnalysedPassage) -> PassageText:
        article_id = passage.passage.article_id
        return PassageText.of(self._articles[article_id], passage.passage, self._lines[article_id])
