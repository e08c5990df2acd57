"""Metadata of a web page: title, author, date, site, language, address, description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex
from pydantic import JsonValue

from articleqa.language import LANGUAGE, LAYOUT
from articleqa.language.web_pages import BEFORE_DATE, DAY_OF_WEEK, NO_AUTHOR
from articleqa.language.word_lists import any_of
from articleqa.loaders.elements import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LATEST = "2100-01-01"
_DATES = {"original_date": True, "extensive_search": True, "max_date": _LATEST}
"""Options for htmldate: the day of publication as the markup states it. If it guessed from the text, or took
today as the latest possible day, a page's date could be wrong or change from one day to the next."""

_NEW_YEAR = "-01-01"
"""How a date ends of which htmldate found the year alone, which may be any year in the text."""

_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SAVED_FROM = regex.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]+)")
"""The comment that Chrome, Edge and Firefox put at the beginning of a page they save."""

_SAVED_BY_SINGLEFILE = regex.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s<>]+)")
_BY = regex.compile(rf"^{any_of(*LAYOUT.byline)}\s+(?=\p{{Lu}})", regex.IGNORECASE)
_DATE_AT_END = regex.compile(
    rf"(?:^|\s+)(?:{BEFORE_DATE}\s+)?(?:{DAY_OF_WEEK}|{any_of(*LANGUAGE.calendar.months)})\s*[\d,.: ]*$",
    regex.IGNORECASE,
)
_SEPARATORS = r"\s*[|–—\-·•:»/]+\s*"
_SHORTEST_TITLE = 8
_PERMALINKS = "¶🔗 "
"""What a heading's link to itself shows."""


def page_metadata(page: HtmlElement, beginning: str) -> dict[str, JsonValue]:
    """Return the page's metadata, including its `title`; `beginning` is the first part of its source."""
    from trafilatura import extract_metadata

    found = extract_metadata(page, date_config=dict(_DATES))
    saved_from = _SAVED_FROM.search(beginning) or _SAVED_BY_SINGLEFILE.search(beginning)
    site = " ".join((found.sitename or "").split())
    known = {
        "title": _title(page, found.title or "", site).rstrip(_PERMALINKS),
        "author": _authors(found.author or ""),
        "date": _date(page, found.date or ""),
        "site": site,
        "language": _language(page),
        "url": found.url or (saved_from[1] if saved_from else ""),
        "description": found.description,
    }
    return {key: " ".join(value.split()) for key, value in known.items() if value and value.strip()}


def _date(page: HtmlElement, found: str) -> str:
    """Return the day of publication; where only a year was found, the day that the markup states, if any."""
    if not found.endswith(_NEW_YEAR):
        return found
    from htmldate import find_date

    return find_date(page, original_date=True, extensive_search=False, max_date=_LATEST) or ""


def _authors(found: str) -> str:
    """Return the names in `found`, between semicolons, without dates and labels ("Monday", "Username")."""
    names: list[str] = []
    for each in _BY.sub("", found).split(";"):
        name = each.strip()
        before = _DATE_AT_END.sub("", name)
        # A single word before a month may be a first name: "Joe May".
        name = before if not before or " " in before else name
        if name and NO_AUTHOR.fullmatch(name) is None:
            names.append(name)
    return "; ".join(names)


def _title(page: HtmlElement, found: str, site: str) -> str:
    """Return the article's title without the site's name: the stated one (og:title), else the heading."""
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
    """Return the language that the page declares, as a BCP 47 tag, or "" if it declares none."""
    stated = page.xpath(
        "string((/html/@lang | /html/@*[local-name()='lang'] | //body/@lang"
        " | //meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content"
        " | //meta[@property='og:locale']/@content)[1])"
    ).strip()
    return stated.replace("_", "-") if _LANGUAGE.fullmatch(stated) else ""
