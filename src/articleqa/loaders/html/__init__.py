"""The HTML loader, and the page extraction that it shares with web archives (MHTML, WARC)."""

from articleqa.loaders.html.page import article_of_page, load_html

__all__ = ["article_of_page", "load_html"]
