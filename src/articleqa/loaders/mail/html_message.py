"""Read the HTML of a mail."""

from __future__ import annotations

from copy import deepcopy

from articleqa.loaders.elements import blocks_of_elements
from articleqa.loaders.fragments import shown_fragment
from articleqa.loaders.mail.html_lines import part_lines
from articleqa.loaders.mail.html_quotes import remove_quotes
from articleqa.loaders.text_builder import TextBuilder


def read_markup(markup: str, builder: TextBuilder, *, is_forward: bool) -> None:
    """Add the text of a mail in HTML to `builder`, without what it quotes if anything else is in it.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: the HTML has too many elements.
    """
    body = shown_fragment(markup, extra="mail")
    if body is None:
        return
    own = deepcopy(body)
    remove_quotes(own, is_forward=is_forward)
    shown = own if any(c.isalnum() for c in own.text_content()) else body
    part_lines(shown)
    for block in blocks_of_elements(shown):
        block.add_to(builder)
