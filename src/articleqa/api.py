"""The public names, as `articleqa` offers them."""

from articleqa.articles.loading import DamagedTextWarning, FailedFileWarning, SkippedFileWarning
from articleqa.articles.unread_dates import UnreadDateWarning
from articleqa.collection import ArticleIndex, Changes, ask, load_articles
from articleqa.collection.cache import CacheWarning
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
    NotAnIndexError,
    QuestionSetError,
    UnknownArticleError,
)
from articleqa.models import (
    AbstainReason,
    Answer,
    Article,
    Citation,
    Highlight,
    RankedSentence,
    SentenceExplanation,
    SourceCheck,
    Span,
    UnmentionedTerm,
)

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
    "NotAnIndexError",
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
]
