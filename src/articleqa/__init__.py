"""Ask your own articles a question; get the sentences that answer it, word for word, with citations.

A public name is imported when it is first used: importing all of them takes a third of a second, and before
that the command line must decide what Ctrl-C does.
"""

from importlib import import_module

TYPE_CHECKING = False
"""True for type checkers only, as in `typing`, which takes long to import."""

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel as ConfidenceModel
    from articleqa.answers import AbstainReason as AbstainReason
    from articleqa.answers import Answer as Answer
    from articleqa.answers import FoundPassage as FoundPassage
    from articleqa.answers import Highlight as Highlight
    from articleqa.answers import Outcome as Outcome
    from articleqa.answers import RankedSentence as RankedSentence
    from articleqa.answers import SentenceExplanation as SentenceExplanation
    from articleqa.answers import UnmentionedTerm as UnmentionedTerm
    from articleqa.exceptions import ArticleNotFoundError as ArticleNotFoundError
    from articleqa.exceptions import ArticleQAError as ArticleQAError
    from articleqa.exceptions import ArticleReadError as ArticleReadError
    from articleqa.exceptions import DataFileError as DataFileError
    from articleqa.exceptions import DuplicateArticleError as DuplicateArticleError
    from articleqa.exceptions import IndexBusyError as IndexBusyError
    from articleqa.exceptions import IndexDamagedError as IndexDamagedError
    from articleqa.exceptions import IndexFolderError as IndexFolderError
    from articleqa.exceptions import IndexPoolError as IndexPoolError
    from articleqa.exceptions import IndexUnavailableError as IndexUnavailableError
    from articleqa.exceptions import IndexVersionError as IndexVersionError
    from articleqa.exceptions import IndexWriteError as IndexWriteError
    from articleqa.exceptions import MissingPackageError as MissingPackageError
    from articleqa.exceptions import NotAnIndexError as NotAnIndexError
    from articleqa.exceptions import QuestionSetError as QuestionSetError
    from articleqa.exceptions import SourceChangedError as SourceChangedError
    from articleqa.exceptions import UnknownArticleError as UnknownArticleError
    from articleqa.index.article_index import ArticleIndex as ArticleIndex
    from articleqa.index.article_index import IndexInfo as IndexInfo
    from articleqa.index.ask import ask as ask
    from articleqa.index.cache.folder import CacheWarning as CacheWarning
    from articleqa.index.pool import IndexPool as IndexPool
    from articleqa.index.upserts import Changes as Changes
    from articleqa.loaders.api import DamagedTextWarning as DamagedTextWarning
    from articleqa.loaders.api import FailedFileWarning as FailedFileWarning
    from articleqa.loaders.api import SkippedFileWarning as SkippedFileWarning
    from articleqa.loaders.api import iter_articles as iter_articles
    from articleqa.loaders.api import load_articles as load_articles
    from articleqa.loaders.pdf.boxes import Box as Box
    from articleqa.loaders.pdf.boxes import PageWord as PageWord
    from articleqa.loaders.pdf.boxes import PageWords as PageWords
    from articleqa.loaders.pdf_viewer import PdfSource as PdfSource
    from articleqa.loaders.pdf_viewer import PdfViewer as PdfViewer
    from articleqa.loaders.pdf_viewer import boxes_of as boxes_of
    from articleqa.loaders.pdf_viewer import page_image as page_image
    from articleqa.loaders.pdf_viewer import page_words as page_words
    from articleqa.loaders.protocol import Format as Format
    from articleqa.loaders.registry import register_format as register_format
    from articleqa.loaders.unread_dates import UnreadDateWarning as UnreadDateWarning
    from articleqa.loaders.verification import verify_source as verify_source
    from articleqa.models import Article as Article
    from articleqa.models import Block as Block
    from articleqa.models import BlockKind as BlockKind
    from articleqa.models import Citation as Citation
    from articleqa.models import SourceCheck as SourceCheck
    from articleqa.models import Span as Span
    from articleqa.ranking.ranker import Ranker as Ranker
    from articleqa.text.blocks import article_blocks as article_blocks

_PUBLIC = {
    "ConfidenceModel": "articleqa.answering.confidence",
    "AbstainReason": "articleqa.answers",
    "Answer": "articleqa.answers",
    "FoundPassage": "articleqa.answers",
    "Highlight": "articleqa.answers",
    "Outcome": "articleqa.answers",
    "RankedSentence": "articleqa.answers",
    "SentenceExplanation": "articleqa.answers",
    "UnmentionedTerm": "articleqa.answers",
    "ArticleNotFoundError": "articleqa.exceptions",
    "ArticleQAError": "articleqa.exceptions",
    "ArticleReadError": "articleqa.exceptions",
    "DataFileError": "articleqa.exceptions",
    "DuplicateArticleError": "articleqa.exceptions",
    "IndexBusyError": "articleqa.exceptions",
    "IndexDamagedError": "articleqa.exceptions",
    "IndexFolderError": "articleqa.exceptions",
    "IndexPoolError": "articleqa.exceptions",
    "IndexUnavailableError": "articleqa.exceptions",
    "IndexVersionError": "articleqa.exceptions",
    "IndexWriteError": "articleqa.exceptions",
    "MissingPackageError": "articleqa.exceptions",
    "NotAnIndexError": "articleqa.exceptions",
    "QuestionSetError": "articleqa.exceptions",
    "SourceChangedError": "articleqa.exceptions",
    "UnknownArticleError": "articleqa.exceptions",
    "ArticleIndex": "articleqa.index.article_index",
    "IndexInfo": "articleqa.index.article_index",
    "ask": "articleqa.index.ask",
    "CacheWarning": "articleqa.index.cache.folder",
    "IndexPool": "articleqa.index.pool",
    "Changes": "articleqa.index.upserts",
    "DamagedTextWarning": "articleqa.loaders.api",
    "FailedFileWarning": "articleqa.loaders.api",
    "SkippedFileWarning": "articleqa.loaders.api",
    "iter_articles": "articleqa.loaders.api",
    "load_articles": "articleqa.loaders.api",
    "Box": "articleqa.loaders.pdf.boxes",
    "PageWord": "articleqa.loaders.pdf.boxes",
    "PageWords": "articleqa.loaders.pdf.boxes",
    "PdfSource": "articleqa.loaders.pdf_viewer",
    "PdfViewer": "articleqa.loaders.pdf_viewer",
    "boxes_of": "articleqa.loaders.pdf_viewer",
    "page_image": "articleqa.loaders.pdf_viewer",
    "page_words": "articleqa.loaders.pdf_viewer",
    "Format": "articleqa.loaders.protocol",
    "register_format": "articleqa.loaders.registry",
    "UnreadDateWarning": "articleqa.loaders.unread_dates",
    "verify_source": "articleqa.loaders.verification",
    "Article": "articleqa.models",
    "Block": "articleqa.models",
    "BlockKind": "articleqa.models",
    "Citation": "articleqa.models",
    "SourceCheck": "articleqa.models",
    "Span": "articleqa.models",
    "Ranker": "articleqa.ranking.ranker",
    "article_blocks": "articleqa.text.blocks",
}
"""The public names, and the modules that define them."""

__all__ = list(_PUBLIC)

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import a public name."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'articleqa' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return ["__version__", *_PUBLIC]
