"""Extensions of CommonMark on websites: shortcodes, templates, admonitions, definitions and footnotes."""

from __future__ import annotations

from collections.abc import Callable

import regex
from markdown_it.rules_block import (
    StateBlock,
)

_LONGEST_SHORTCODE = 10
"""The most lines of a shortcode, from its opening braces to the closing ones."""


_SHORTCODE = regex.compile(r"\{\{[<%](?![^{}]*\btext\s*=)|\{%")


_SHORTCODES = regex.compile(
    r"(?:(?:\{\{[<%](?:[^{}]|\{\{[^{}]*+\}\})*+\}\}|\{%(?:[^{}]|\{\{[^{}]*+\}\})*+\}|\{[.#:][^{}]*+\})"
    r"[ \t]*+)++$"
)


_SHORTCODE_ENDS = regex.compile(r"[>%]\}\}[ \t]*+$|%\}[ \t]*+$")


_ENCLOSING = regex.compile(
    r"(?:\{\{[<%]|\{%-?)\s*+(mermaid|plantuml|graphviz|comment|highlight|code|codeblock|math|katex)\b(?![^\n]*/[>%]\}\})"
)
"""Shortcodes whose contents are not Markdown, as Hugo, Jekyll and Hexo name them."""


_ATTRIBUTES = regex.compile(r"\{(?::|[ \t]*+[#.][\w-])[^{}]*\}[ \t]*+$")


_COLON_FENCE = regex.compile(r":::+[ \t]*+(?:$|[\w{.\[].*$)")


_CONTENTS = regex.compile(r"\[\[?_?TOC_?\]?\][ \t]*+$", regex.IGNORECASE)


_DEFINITION = regex.compile(r":[ \t]++(?=\S)")


_FOOTNOTE = regex.compile(r"\[\^[^\[\]\s]{1,100}\]:[ \t]*+(?=\S)")


_ADMONITION = regex.compile(r"(?:!!!|\?\?\?\+?)[ \t]++[\w\"-].*$|===[!+]?[ \t]++\".*$")


_TEXT_FENCE = regex.compile(
    r"(`{3,}|~{3,})[ \t]*+\{(?:admonition|attention|caution|danger|deprecated|dropdown|epigraph|error|example"
    r"|exercise|hint|important|margin|note|pull-quote|proof|remark|seealso|sidebar|solution|tab-item|tab-set"
    r"|tip|topic|versionadded|versionchanged|warning)\}"
)
"""MyST fences that contain text."""


_CLOSING_FENCE = regex.compile(r"(`{3,}|~{3,})[ \t]*+$")


_OPTION = regex.compile(r"[ \t]*+:[\w-]++:(?=[ \t]|$)")


def extension_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read an extension of CommonMark, with the rule for its first character."""
    at = state.bMarks[start] + state.tShift[start]
    rule = _RULES.get(state.src[at : at + 1])
    if rule is None or state.is_code_block(start):
        return False
    return rule(state, start, end, silent)


def line_at(state: StateBlock, line: int) -> str:
    """Return a line without its leading white space."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _braces(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines that consist of shortcodes, a template's tag or attributes; they contain no text."""
    line = line_at(state, start)
    if _SHORTCODE.match(line):
        last = _end_of_shortcode(state, start, end, line)
    else:
        last = start + 1 if _ATTRIBUTES.match(line) else start
    if last == start:
        return False
    if not silent:
        state.line = last
        enclosing = _ENCLOSING.match(line)
        if enclosing:
            _enclosed(state, start, last, end, enclosing[1])
    return True


def _end_of_shortcode(state: StateBlock, start: int, end: int, line: str) -> int:
    if _SHORTCODES.match(line):
        return start + 1
    if "}}" in line or "%}" in line:
        return start  # text follows on the line
    for number in range(start + 1, min(end, start + _LONGEST_SHORTCODE)):
        line = line_at(state, number)
        if not line:
            break
        if _SHORTCODE_ENDS.search(line):
            return number + 1
    return start


def _enclosed(state: StateBlock, start: int, first: int, end: int, name: str) -> None:
    """Read the lines from a shortcode to the one that closes it as a fence."""
    unclosed = state.env["unclosed"]
    if name in unclosed:
        return
    closing = regex.compile(rf"\{{\{{[<%]\s*+/\s*+{name}\b|\{{%-?\s*+end{name}\b")
    last = next((line for line in range(first, end) if closing.match(line_at(state, line))), None)
    if last is None:
        unclosed.add(name)
        return
    token = state.push("fence", "", 0)
    token.map, token.info, token.markup = [start, last + 1], name, "{"
    token.meta["lines"] = (first, last)
    state.line = last + 1


def _colons(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line of colons that opens or closes a container, or the definition of a term."""
    line = line_at(state, start)
    if line.startswith(":::"):
        if not _COLON_FENCE.match(line):
            return False
        if not silent:
            state.line = _after_options(state, start + 1, end)
        return True
    definition = _DEFINITION.match(line)
    if definition is None:
        return False
    if not silent:
        state.push("dd_open", "", 1).map = [start, start]
        _contained(state, start, end, definition.end(), indent=2)
        state.push("dd_close", "", -1)
    return True


def _brackets(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a footnote, or the marker where a table of contents is inserted."""
    line = line_at(state, start)
    footnote = _FOOTNOTE.match(line)
    if footnote is None:
        is_contents = _CONTENTS.match(line) is not None
        if is_contents and not silent:
            state.line = start + 1
        return is_contents
    if not silent:
        state.level += 1
        _contained(state, start, end, footnote.end(), indent=4)
        state.level -= 1
    return True


def _contained(state: StateBlock, start: int, end: int, offset: int, indent: int) -> None:
    """Read the blocks after a marker of `offset` characters, and those indented below it."""
    shift, column, outer = state.tShift[start], state.sCount[start], state.blkIndent
    state.blkIndent = column + indent
    state.tShift[start], state.sCount[start] = shift + offset, state.blkIndent
    state.line = start
    state.md.block.tokenize(state, start, end)
    state.tShift[start], state.sCount[start], state.blkIndent = shift, column, outer
    state.line = max(state.line, start + 1)


def _admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read an admonition or tab of MkDocs: one line, and the text indented below it."""
    if not _ADMONITION.match(line_at(state, start)):
        return False
    if not silent:
        outer = state.blkIndent
        state.blkIndent = state.sCount[start] + 4
        state.level += 1
        state.line = start + 1
        state.md.block.tokenize(state, start + 1, end)
        state.line = max(state.line, start + 1)
        state.level -= 1
        state.blkIndent = outer
    return True


def _text_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the line that opens or closes a MyST fence that contains text."""
    line = line_at(state, start)
    text_fences = state.env["text fences"]
    closing = _CLOSING_FENCE.match(line)
    if closing and text_fences and closing[1].startswith(text_fences[-1]):
        if not silent:
            text_fences.pop()
            state.line = start + 1
        return True
    opening = None if closing else _TEXT_FENCE.match(line)
    if opening is None:
        return False
    if not silent:
        text_fences.append(opening[1])
        state.line = _after_options(state, start + 1, end)
    return True


def _after_options(state: StateBlock, line: int, end: int) -> int:
    """Return the first line from `line` on that is not an option (":class: wide")."""
    while line < end and _OPTION.match(line_at(state, line)):
        line += 1
    return line


_RULES: dict[str, Callable[[StateBlock, int, int, bool], bool]] = {
    "{": _braces,
    ":": _colons,
    "[": _brackets,
    "!": _admonition,
    "?": _admonition,
    "=": _admonition,
    "`": _text_fence,
    "~": _text_fence,
}
