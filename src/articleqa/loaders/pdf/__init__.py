"""The PDF loader."""

from articleqa.loaders.pdf.document import load_pdf

__all__ = ["load_pdf"]
