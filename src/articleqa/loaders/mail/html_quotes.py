"""Remove from the HTML of a mail what it quotes, by the elements in which mail programs put it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from articleqa.language.mail_programs import FORWARDED
from articleqa.loaders.mail.quotes import LONGEST_ATTRIBUTION, is_attribution
from articleqa.loaders.protocol import optional_import

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_QUOTES = (
    "//blockquote[@type='cite']"
    " | //*[contains(concat(' ', @class, ' '), ' gmail_quote ')]"  # Gmail
    " | //*[contains(concat(' ', @class, ' '), ' gmail_quote_container ')]"
    " | //*[contains(concat(' ', @class, ' '), ' protonmail_quote ')]"
    " | //*[contains(@class, 'yahoo_quoted')]"
    " | //*[contains(concat(' ', @class, ' '), ' moz-cite-prefix ')]"  # Thunderbird
    " | //blockquote[starts-with(@id, 'mail-editor-reference-message')]"
)
_REST = (
    "//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='x_divRplyFwdMsg' or @class='OutlookMessageHeader']"
)
"""Outlook puts these above what it quotes, and nothing of the message itself below them."""

_LOOKED_AT = 400
"""How many characters at the start of a quotation are searched for the line above a forwarded mail."""


def without_quotes(markup: str, *, is_forward: bool) -> str:
    """Return the HTML of a mail without what it quotes; unchanged if nothing would be left.

    Raises:
        MissingLibraryError: lxml is not installed.
    """
    etree, html = (optional_import(f"lxml.{name}", extra="mail") for name in ("etree", "html"))
    try:
        page = html.document_fromstring(
            markup.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except (etree.ParserError, ValueError):  # there is nothing in it
        return markup
    quotes = list(_quotes(page, is_forward=is_forward))
    for quote in quotes:
        _remove_attribution(quote)
        if quote.getparent() is not None:
            quote.drop_tree()
    if not quotes or not any(c.isalnum() for c in page.text_content()):
        return markup
    return str(html.tostring(page, encoding="unicode"))


def _quotes(page: HtmlElement, *, is_forward: bool) -> Iterator[HtmlElement]:
    for element in page.xpath(_QUOTES):
        beginning = element.text_content()[: 2 * _LOOKED_AT].strip()[:_LOOKED_AT]
        if not FORWARDED.search(beginning):
            yield element
    if is_forward:
        return
    for element in page.xpath(_REST)[:1]:
        yield element
        yield from element.itersiblings()


def _remove_attribution(quote: HtmlElement) -> None:
    """Remove the text or the element above a quotation that says who wrote it."""
    above, parent = quote.getprevious(), quote.getparent()
    while above is not None and above.tag == "br" and not (above.tail or "").strip():
        above = above.getprevious()
    text = ((parent.text if parent is not None else "") if above is None else above.tail) or ""
    if text.strip():
        if not is_attribution(text):
            return
        if above is not None:
            above.tail = ""
        elif parent is not None:
            parent.text = ""
    elif above is not None:
        said = " ".join(above.text_content()[: 2 * LONGEST_ATTRIBUTION].split())
        if is_attribution(said):
            above.drop_tree()
