"""Code in plain text: programs, commands, grammars, configuration, and figures drawn in characters."""

from __future__ import annotations

import regex

from articleqa.text.lines import Run, line_text

_CODE_LINE = regex.compile(
    r"""
      [{}\\][ ;,]*$ | ^[{}\]]
    | [\w\])]\(.*\)\s*[;{:]\s*$                                     # a call, a definition
    | ^(?:\#[ ]?(?:include|define|ifn?def|if|endif|else|!)\b|/\*|\*/|//\s|<\?|<!)
    | ^(?:[$%\#]|>>>|\.\.\.)[ ]\S | ^\w*[$%\#>][ ]\w+\s-            # a prompt
    | ^(?:def|class)[ ]\w+[(:] | ^(?:import|from)[ ][\w.]+(?:$|[ ]import) | ^return\b.*;$
    | ^(?:if|for|while|switch|else[ ]if)[ ]?\(
    | ^<?\w[\w./-]*>?\s*(?:::?=|=/|[+*|&^-]?=)(?:\s|$)              # a rule of a grammar, an assignment
    | ^[\w.]+(?:->\w+|\[[^\]]*\])+\s*=
    | ^</?\w[^>]*>\S*(?:</\w+>)?$
    | ^"[\w-]+"\s*:
    """,
    regex.VERBOSE,
)
_STATEMENT_END = regex.compile(r"[\w\])\"'];$")
_ART = regex.compile(r"\+-[+-]|-{2,}>|<-{2,}|\|\s{3,}|\s{3,}\||-{3,}|_{3,}|={3,}|\\{2}|/\\")
_WORDS = regex.compile(r"[\p{L}\p{M}'’]{2,}")
_HEX_PAIRS = regex.compile(r"(?:[0-9A-Fa-f]{2,8}[ :]+){3,}[0-9A-Fa-f]{2,8}\b")

_STROKES = regex.compile(r"[|+].*[|+].*[|+]|^[|!].*[|!]$")
_RULE = regex.compile(r"[-=_+|:/\\ \t]{4,}$")
_NUMBERS = regex.compile(r"(?:\d{1,4}[ \t]+){4,}\d{1,4}$")

_SYMBOL = regex.compile(r"[^\w\s]|_")

_SYMBOLS_IN_PROSE = 0.12
"""If wrapped prose has at least this share of symbols, its lines are checked one by one."""

_SYMBOLS = 0.35
"""A line in which more than this share of characters, without spaces, are symbols is a figure or code."""

_FEWEST_SYMBOLS = 4


def is_code(text: str, run: Run, indent_above: int, *, is_wrapped: bool) -> bool:
    """Return whether a run of lines as a whole is code or a figure.

    `is_wrapped` says whether the run looks like wrapped prose. A single line must be indented at least two
    columns deeper than the text above it, which starts at column `indent_above`.
    """
    if len(run) == 1 and run[0].indent < indent_above + 2:
        return False
    if len(run) > 1 and is_wrapped and _symbols(text[run[0].start : run[-1].end]) < _SYMBOLS_IN_PROSE:
        return False
    count = prose = 0
    indent_of_code: int | None = None
    for line in run:
        said = line_text(text, line)
        if _RULE.match(said):
            count += 1
        elif is_code_line(said) or (indent_of_code is not None and line.indent > indent_of_code + 1):
            count += 1
            indent_of_code = line.indent if indent_of_code is None else min(indent_of_code, line.indent)
        else:
            indent_of_code = None
            prose += len(_WORDS.findall(said)) > 8
    return 2 * count > len(run) and 3 * prose <= len(run)


def is_code_line(said: str) -> bool:
    """Return whether one line, without outer white space, looks like code or part of a figure on its own."""
    if _CODE_LINE.search(said) or _HEX_PAIRS.match(said) or _NUMBERS.match(said):
        return True
    symbols = len(_SYMBOL.findall(said))
    if _STATEMENT_END.search(said) and symbols > 2 and len(_WORDS.findall(said)) < 6:
        return True
    if _STROKES.search(said) and "  " in said:
        return True
    if symbols < _FEWEST_SYMBOLS:
        return False
    solid = len(said) - said.count(" ")
    return symbols > _SYMBOLS * solid or (_ART.search(said) is not None and symbols > 0.2 * solid)


def _symbols(said: str) -> float:
    """Return the share of characters that are symbols."""
    return len(_SYMBOL.findall(said)) / len(said)
