"""The public names of the package `articleqa`."""

from articleqa.answers import (
    AbstainReason,
    Answer,
    Highlight,
    Outcome,
    RankedSentence,
    SentenceExplanation,
    UnmentionedTerm,
)
from articleqa.exceptions import (
    ArticleNotFoundError,
    ArticleQAError,
    ArticleReadError,
    DataFileError,
    DuplicateArticleError,
    IndexBusyError,
    IndexDamagedError,
    IndexFolderError,
    IndexVersionError,
    IndexWriteError,
    MissingPackageError,
    NotAnIndexError,
    QuestionSetError,
    UnknownArticleError,
)
from articleqa.index.article_index import ArticleIndex
from articleqa.index.ask import ask
from articleqa.index.cache.folder import CacheWarning
from articleqa.index.upserts import Changes
from articleqa.loaders.api import DamagedTextWarning, FailedFileWarning, SkippedFileWarning, load_articles
from articleqa.loaders.unread_dates import UnreadDateWarning
from articleqa.loaders.verification import verify_source
from articleqa.models import Article, Citation, SourceCheck, Span

__all__ = [
    "AbstainReason",
    "Answer",
    "Article",
    "ArticleIndex",
    "ArticleNotFoundError",
    "ArticleQAError",
    "ArticleReadError",
    "CacheWarning",
    "Changes",
    "Citation",
    "DamagedTextWarning",
    "DataFileError",
    "DuplicateArticleError",
    "FailedFileWarning",
    "Highlight",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexFolderError",
    "IndexVersionError",
    "IndexWriteError",
    "MissingPackageError",
    "NotAnIndexError",
    "Outcome",
    "QuestionSetError",
    "RankedSentence",
    "SentenceExplanation",
    "SkippedFileWarning",
    "SourceCheck",
    "Span",
    "UnknownArticleError",
    "UnmentionedTerm",
    "UnreadDateWarning",
    "ask",
    "load_articles",
    "verify_source",
]
