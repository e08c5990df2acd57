"""What a web page says of itself: title, author, date, site, language, address, description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex
from pydantic import JsonValue

from articleqa.loaders.elements import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
"""For htmldate: the day of publication, as the markup has it. With a guess from the text, or with today as
the last day possible, a page would not have the same date each time, or not its own."""

_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SAVED_FROM = regex.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]+)")
"""What Chrome, Edge and Firefox put at the beginning of a page they save."""

_SAVED_BY_SINGLEFILE = regex.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s<>]+)")
_BY = regex.compile(r"^(?:by|par|por|von|di|da|door|av|af)\s+(?=\p{Lu})", regex.IGNORECASE)
_SEPARATORS = r"\s*[|–—\-·•:»/]+\s*"
_SHORTEST_TITLE = 8


def page_metadata(page: HtmlElement, beginning: str) -> dict[str, JsonValue]:
    """Return what is known of the page, its `title` among it; `beginning` is its source's first part."""
    from trafilatura import extract_metadata

    found = extract_metadata(page, date_config=dict(_DATES))
    saved_from = _SAVED_FROM.search(beginning) or _SAVED_BY_SINGLEFILE.search(beginning)
    site = " ".join((found.sitename or "").split())
    known = {
        "title": _title(page, found.title or "", site),
        "author": _BY.sub("", found.author or ""),
        "date": found.date,
        "site": site,
        "language": _language(page),
        "url": found.url or (saved_from[1] if saved_from else ""),
        "description": found.description,
    }
    return {key: " ".join(value.split()) for key, value in known.items() if value and value.strip()}


def _title(page: HtmlElement, found: str, site: str) -> str:
    """Return the article's title: the one the page gives to others, else its heading; no site's name."""
    stated = page.xpath("string((//meta[@property='og:title']/@content)[1])").strip()
    if not stated:
        whole = letters(" ".join(page.xpath("//title/text()")))
        for heading in page.iterdescendants("h1", "h2", "h3"):
            text = str(heading.text_content())
            is_link = heading.find(".//a") is not None
            if not is_link and len(letters(text)) >= _SHORTEST_TITLE and letters(text) in whole:
                return text
    title = found or stated
    if not site:
        return title
    return regex.sub(rf"(?<=\S){_SEPARATORS}{regex.escape(site)}\s*$", "", title, flags=regex.IGNORECASE)


def _language(page: HtmlElement) -> str:
    """Return the language that the page says it is in, as in BCP 47, empty for none."""
    stated = page.xpath(
        "string((/html/@lang | /html/@*[local-name()='lang'] | //body/@lang"
        " | //meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content"
        " | //meta[@property='og:locale']/@content)[1])"
    ).strip()
    return stated.replace("_", "-") if _LANGUAGE.fullmatch(stated) else ""
