"""The PDF loader."""

from articleqa.articles.pdf.document import load_pdf

__all__ = ["load_pdf"]
