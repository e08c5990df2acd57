"""What a browser shows of a page: hidden elements, buttons and permalinks go, displayed templates stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from articleqa.language.web_pages import PERMALINK
from articleqa.loaders.element_trees import is_hidden
from articleqa.loaders.elements import HEADINGS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDDEN_CLASSES = frozenset(
    str.split(
        "hidden hide invisible is-hidden u-hidden d-none sr-only visually-hidden visuallyhidden"
        " screen-reader-text screenreader screen-reader element-invisible element-hidden a11y-hidden"
    )
)
"""Classes by which common style sheets hide an element, or show it to screen readers only."""

_ALMOST_ALL = 0.8
"""An element with a larger share of the page's letters is shown by a script, whatever its markup says."""

_LONGEST_BUTTON = 2
"""Words of a link that does nothing without a script: "more", "Read less"."""

_LONGEST_HEADING = 200
"""Characters of a heading. Longer ones are unclosed tags, or paragraphs that are set like headings."""

_TEMPLATE_TYPES = frozenset(["text/template", "text/x-template", "text/html"])
_TAG = regex.compile(r"<[^<>]*+>")
_FEWEST_TEMPLATE_WORDS = 40
"""Words of a template that holds a post; shorter ones are messages and parts of forms."""

_AROUND = ("script", "style", "template", "nav", "header", "footer")
"""Elements whose text is not that of the article, or is not shown."""

_LITTLE = 0.2
"""A page with less text than this outside its templates, as a share of theirs, is filled by a script."""

_NOSCRIPT = regex.compile(r"<(/?)noscript\b[^<>]*+>", regex.IGNORECASE)


def without_noscript(markup: str) -> str:
    """Return `markup` without the contents of <noscript>, which browsers do not read as elements.

    Its tags need not be balanced: an unclosed <div> in it would swallow the page.
    """
    parts: list[str] = []
    end = 0
    opening = -1
    for tag in _NOSCRIPT.finditer(markup):
        if not tag[1] and opening < 0:
            opening = tag.start()
        elif tag[1] and opening >= 0:
            parts.append(markup[end:opening])
            end, opening = tag.end(), -1
    return "".join([*parts, markup[end:]])


def keep_shown(body: HtmlElement) -> None:
    """Remove from `body` what a browser does not show, or shows as a button or a permalink."""
    _show_templates(body)
    most = _ALMOST_ALL * _letters(body)
    for element in list(body.iterdescendants()):
        if (_is_not_shown(element) and _letters(element) <= most) or (
            element.tag == "a" and _is_button(element)
        ):
            element.drop_tree()
        elif element.tag in HEADINGS and _wraps_blocks(element):
            element.tag = "div"


def _letters(element: HtmlElement) -> int:
    """Return the number of characters in `element` without white space."""
    return sum(len("".join(text.split())) for text in element.itertext())


def _show_templates(body: HtmlElement) -> None:
    """Turn the templates that are shown into ordinary elements; all of them, if little else has text."""
    for script in list(body.iterdescendants("script")):
        _show_text_template(script)
    templates = list(body.iterdescendants("template"))
    if not templates:
        return
    outside = sum(
        len("".join(text.split()))
        for element in body.iter()
        if element.tag not in _AROUND and next(element.iterancestors(*_AROUND), None) is None
        for text in (element.text or "", *(child.tail or "" for child in element))
    )
    is_rest = outside < _LITTLE * sum(map(_letters, templates))
    for template in templates:
        if is_rest or template.get("shadowrootmode") is not None:
            template.tag = "div"


def _show_text_template(script: HtmlElement) -> None:
    """Replace a script that is HTML without places to fill in by its elements: some blogs hold posts so."""
    from lxml import html

    text = script.text or ""
    if (script.get("type") or "").strip().lower() not in _TEMPLATE_TYPES or "{{" in text or "<%" in text:
        return
    if text.strip().removeprefix("<![CDATA[").lstrip()[:1] in ("{", "["):
        return  # data for a script, whatever the type says
    if len(_TAG.sub("", text).split()) < _FEWEST_TEMPLATE_WORDS:
        return
    shown = html.fragment_fromstring(text, create_parent="div")
    shown.tail = script.tail
    script.getparent().replace(script, shown)


def _is_not_shown(element: HtmlElement) -> bool:
    """Return whether `element` is hidden. A formula behind a picture of it does not count: it is read."""
    if element.tag == "math" or element.find("math") is not None:
        return False
    if is_hidden(element):
        return True
    if element.get("aria-hidden") == "true" and next(element.iterancestors("figcaption"), None) is None:
        return True
    return not _HIDDEN_CLASSES.isdisjoint((element.get("class") or "").lower().split())


def _is_button(link: HtmlElement) -> bool:
    """Return whether a link leads nowhere ("more"), or to the heading that it belongs to ("¶")."""
    href = (link.get("href") or "").strip()
    text = "".join(link.itertext()).strip()
    if (not href or ("#" in href and len(href) > 1)) and PERMALINK.fullmatch(text):
        return True
    if href != "#" and not href.lower().startswith("javascript:"):
        return False
    return len(text.split()) <= _LONGEST_BUTTON and link.getnext() is None and not (link.tail or "").strip()


def _wraps_blocks(heading: HtmlElement) -> bool:
    """Return whether a heading was never closed, or holds paragraphs: it is no heading then."""
    blocks = list(heading.iterdescendants("p", "ul", "ol", "table", "blockquote", *HEADINGS))
    return bool(blocks) and (len(blocks) > 1 or len("".join(heading.itertext())) > _LONGEST_HEADING)
