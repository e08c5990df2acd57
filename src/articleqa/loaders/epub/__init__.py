"""The EPUB loader."""

from articleqa.loaders.epub.document import load_epub

__all__ = ["load_epub"]
