"""The DOCX loader."""

from articleqa.articles.docx.document import MEDIA_TYPE, load_docx

__all__ = ["MEDIA_TYPE", "load_docx"]
