"""The article's text in a page's structured data (JSON-LD), for pages that a script fills in a browser."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_VALUES = 10_000
"""Maximum values of the structured data that are looked at."""

_TAG = regex.compile(r"</?[a-zA-Z][^<>]*+>")
_PARAGRAPH_END = regex.compile(r"\s*(?:\n|<br\s*/?>|</p>)\s*", regex.IGNORECASE)


def article_body(page: HtmlElement) -> list[str]:
    """Return the paragraphs of the longest `articleBody` in the structured data of `page`; maybe none."""
    bodies: list[str] = []
    for script in page.iterdescendants("script"):
        if "ld+json" in (script.get("type") or "").lower():
            bodies += _bodies(script.text or "")
    longest = max(bodies, key=len, default="")
    paragraphs = (_TAG.sub(" ", part).strip() for part in _PARAGRAPH_END.split(longest))
    return [html.unescape(part) for part in paragraphs if part]


def _bodies(source: str) -> Iterator[str]:
    try:
        values = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):
        return
    looked_at = 0
    while values and looked_at < _MOST_VALUES:
        looked_at += 1
        value = values.pop()
        if isinstance(value, list):
            values += value
        elif isinstance(value, dict):
            if isinstance(body := value.get("articleBody"), str):
                yield body
            values += [each for each in value.values() if isinstance(each, dict | list)]
