"""One tree of exceptions; each message names the thing that is wrong and what to do about it."""

from __future__ import annotations


class ArticleQAError(Exception):
    """The root: catch this to catch everything that this package raises on purpose."""


class ArticleNotFoundError(ArticleQAError):
    """A path to articles that does not exist."""


class ArticleReadError(ArticleQAError):
    """A file or folder that exists but cannot be read as articles."""


class DuplicateArticleError(ArticleQAError):
    """Two articles with one id; the message names both sources."""


class UnknownArticleError(ArticleQAError):
    """An article id that the index does not hold."""


class QuestionSetError(ArticleQAError):
    """A question set that is malformed, or whose gold quotes do not stand in its articles."""


class DataFileError(ArticleQAError):
    """A data file of the package (weights, parameters) that is damaged or of another version."""


class MissingPackageError(ArticleQAError):
    """An optional package that is needed and not installed; the message says what installs it."""


class IndexFolderError(ArticleQAError):
    """An index on disk that cannot be used as asked: the root of what follows."""


class NotAnIndexError(IndexFolderError):
    """A folder that is no index on disk, or one where an index was to be made and something is."""


class IndexVersionError(IndexFolderError):
    """An index of another format, or made by another analysis, than this version's."""


class IndexDamagedError(IndexFolderError):
    """An index whose files are not as they were written."""


class IndexBusyError(IndexFolderError):
    """An index that another process is writing to."""


class IndexWriteError(IndexFolderError):
    """A change that could not be written, as on a full disk; what was committed before stands."""
