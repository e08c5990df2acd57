"""The EPUB loader."""

from articleqa.articles.epub.document import load_epub

__all__ = ["load_epub"]
