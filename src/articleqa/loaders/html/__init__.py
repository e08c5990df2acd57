"""The HTML loader, and what it shares with those of other formats that hold pages."""

from articleqa.loaders.html.page import article_of_page, load_html

__all__ = ["article_of_page", "load_html"]
