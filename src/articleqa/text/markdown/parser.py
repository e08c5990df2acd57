"""The block parser for Markdown: markdown-it's CommonMark, and the extensions that websites use.

The extensions are tables, definition lists, footnotes, admonitions, and the lines of shortcodes and
templates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import (
    StateBlock,
    blockquote,
    fence,
    heading,
    hr,
    html_block,
    list_block,
    reference,
    table,
)
from markdown_it.token import Token

from articleqa.text.markdown.extensions import extension_rule, line_at

_DEEPEST = 100
"""The deepest nesting of quotes and lists; deeper content is left out."""

_MOST_UNQUOTED = 16
"""The most stretches of lines without a ">" that a quote may have between lines that have one."""

_LONGEST_TARGET = 100
"""The most lines of a link reference definition, its title included."""


_KEPT_TOKENS = frozenset(
    (
        *("heading_open", "paragraph_open", "thead_open", "tr_open", "fence", "code_block", "html_block"),
        *("list_item_open", "list_item_close", "dd_open", "dd_close", "blockquote_open", "blockquote_close"),
    )
)
_UNUSED = Token("unused", "", 0)
"""A placeholder for every token that is not kept; the parser's rules write to it."""


def block_tokens(source: str) -> list[Token]:
    """Return the tokens from which blocks are made, each with its lines in `source`.

    Lines must end in "\\n" alone. A "fence" token that a shortcode opens has the shortcode's brace as its
    `markup`.
    """
    tokens: list[Token] = []
    state = _Lines(source, _PARSER, {"text fences": [], "unclosed": set()}, tokens)
    _PARSER.block.tokenize(state, 0, state.lineMax)
    return tokens


class _Lines(StateBlock):
    """The parser's state, without tokens that no block needs, as those of cells and most closing tags."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Add a token and return it; a token that is not kept is not created, to save time."""
        if ttype in _KEPT_TOKENS:
            return super().push(ttype, tag, nesting)
        self.level += nesting
        return _UNUSED


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a block quote with markdown-it's rule, within the lines that can belong to it.

    The rule scans all lines up to a blank one, even where it takes only the first. Lines without a marker
    between quoted lines belong to the quote only where they continue a paragraph.
    """
    opens = not silent and _is_quoted(state, start)
    return blockquote(state, start, _end_of_quote(state, start, end) if opens else end, silent)


def _is_quoted(state: StateBlock, line: int) -> bool:
    at = state.bMarks[line] + state.tShift[line]
    return state.src.startswith(">", at) and state.sCount[line] >= state.blkIndent


def _end_of_quote(state: StateBlock, start: int, end: int) -> int:
    unquoted = 0
    was_quoted = True
    for line in range(start + 1, end):
        if state.isEmpty(line):
            return end
        is_quoted = _is_quoted(state, line)
        if is_quoted and not was_quoted:
            unquoted += 1
            if unquoted > _MOST_UNQUOTED:
                return line
        was_quoted = is_quoted
    return end


def _link_target(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a link reference definition with markdown-it's rule, within a limited number of lines."""
    last, state.lineMax = state.lineMax, min(state.lineMax, start + _LONGEST_TARGET)
    try:
        return reference(state, start, end, silent)
    finally:
        state.lineMax = last


def _interrupts_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Return whether a line ends the paragraph above it.

    This combines all the rules, to be quick about lines that open with a letter, as most do.
    """
    if not silent:
        return False
    if not line_at(state, start)[:1].isalpha():
        return any(rule(state, start, end, True) for rule in (table, *_INTERRUPTING.values()))
    below = state.bMarks[start + 1] + state.tShift[start + 1]
    return state.src.startswith(("|", "-", ":"), below) and table(state, start, end, True)


_INTERRUPTING: dict[str, Callable[[StateBlock, int, int, bool], bool]] = {
    "beside": extension_rule,
    "fence": fence,
    "blockquote": _quote,
    "hr": hr,
    "list": list_block,
    "html_block": html_block,
    "heading": heading,
}
"""The rules for what ends a paragraph without a blank line, except tables, in the order they are tried."""


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    ruler = parser.block.ruler
    ruler.at("reference", _link_target)
    ruler.before("fence", "beside", extension_rule)
    for name, rule in _INTERRUPTING.items():
        ends_list = [] if name in ("list", "html_block", "heading") else ["list"]
        ruler.at(name, rule, {"alt": ["reference", "blockquote", *ends_list]})
    ruler.at("table", table, {"alt": ["reference"]})
    ruler.before("table", "interrupting", _interrupts_paragraph, {"alt": ["paragraph"]})
    ruler.getRules("")  # compile the rules now: several threads may be the first to parse
    return parser


_PARSER = _parser()
