"""The ODT loader."""

from articleqa.articles.odt.document import MEDIA_TYPE, load_odt

__all__ = ["MEDIA_TYPE", "load_odt"]
