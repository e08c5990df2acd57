"""Remove quotations and signatures from the HTML of a mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from articleqa.language.mail_programs import FORWARDED
from articleqa.loaders.mail.quotes import LONGEST_ATTRIBUTION, is_attribution

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_QUOTES = (
    ".//blockquote[@type='cite']"
    " | .//*[contains(concat(' ', @class, ' '), ' gmail_quote ')]"  # Gmail
    " | .//*[contains(concat(' ', @class, ' '), ' gmail_quote_container ')]"
    " | .//*[contains(concat(' ', @class, ' '), ' protonmail_quote ')]"
    " | .//*[contains(@class, 'yahoo_quoted')]"
    " | .//*[contains(concat(' ', @class, ' '), ' moz-cite-prefix ')]"  # Thunderbird
    " | .//blockquote[starts-with(@id, 'mail-editor-reference-message')]"
)
_SIGNATURES = (
    ".//*[contains(concat(' ', @class, ' '), ' gmail_signature ')]"
    " | .//*[contains(concat(' ', @class, ' '), ' moz-signature ')]"
    " | .//*[@id='Signature' or @id='ms-outlook-mobile-signature']"  # Outlook on the web, and on phones
)
_REST = (
    ".//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='x_divRplyFwdMsg'"
    " or @class='OutlookMessageHeader']"
)
"""Outlook puts these above what it quotes, and nothing of the message itself below them."""

_LOOKED_AT = 400
"""How many characters at the start of a quotation are searched for the line above a forwarded mail."""


def remove_quotes(body: HtmlElement, *, is_forward: bool) -> None:
    """Remove from the body of a mail what it quotes, and its signature."""
    for quote in list(_quotes(body, is_forward=is_forward)):
        _remove_attribution(quote)
        if quote.getparent() is not None:
            quote.drop_tree()
    for signature in body.xpath(_SIGNATURES):
        signature.drop_tree()


def _quotes(body: HtmlElement, *, is_forward: bool) -> Iterator[HtmlElement]:
    for element in body.xpath(_QUOTES):
        beginning = element.text_content()[: 2 * _LOOKED_AT].strip()[:_LOOKED_AT]
        if not FORWARDED.search(beginning):
            yield element
    if is_forward:
        return
    for element in body.xpath(_REST)[:1]:
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
