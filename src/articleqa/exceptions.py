"""The exceptions of the package, in one tree; each message says what is wrong and what to do about it."""

from __future__ import annotations


class ArticleQAError(Exception):
    """The base class: catch it to catch every exception that this package raises on purpose."""


class ArticleNotFoundError(ArticleQAError):
    """A path to articles does not exist."""


class ArticleReadError(ArticleQAError):
    """A file or folder exists but cannot be read as articles."""


class SourceChangedError(ArticleQAError):
    """The file of an article no longer has the article's text."""


class DuplicateArticleError(ArticleQAError):
    """Two articles have the same id; the message names both sources."""


class UnknownArticleError(ArticleQAError):
    """The index does not have an article with this id."""


class QuestionSetError(ArticleQAError):
    """A question set is malformed, or its gold quotes are not in its articles."""


class DataFileError(ArticleQAError):
    """A data file of the package (weights, parameters) is damaged or of another version."""


class MissingPackageError(ArticleQAError):
    """An optional package is needed but not installed; the message says how to install it."""


class IndexUnavailableError(ArticleQAError):
    """An index on another machine cannot be reached, or does not answer in time."""


class IndexPoolError(ArticleQAError):
    """A worker process of an `IndexPool` took too long or crashed, or too many calls are waiting for one."""


class IndexFolderError(ArticleQAError):
    """An index on disk cannot be used as asked; the base class of the exceptions below."""


class NotAnIndexError(IndexFolderError):
    """A folder is not an index, or a new index cannot be made in it because it holds something else."""


class IndexVersionError(IndexFolderError):
    """An index has another format than this version's, or was made by another text analysis."""


class IndexDamagedError(IndexFolderError):
    """The files of an index differ from what was written."""


class IndexBusyError(IndexFolderError):
    """Another process is writing to the index."""


class IndexWriteError(IndexFolderError):
    """A change could not be written, as on a full disk; what was committed before is kept."""
