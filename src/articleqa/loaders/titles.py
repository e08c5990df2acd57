"""Find an article's title in its text."""

from __future__ import annotations

from pathlib import PurePath

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.models import Block, BlockKind
from articleqa.text.plain.blocks import plain_blocks
from articleqa.text.section_names import names_a_section

LONGEST_TITLE = 120
"""Maximum characters of a title; a longer line is cut between words and ends in an ellipsis."""

_LOOKED_AT = 20_000
"""How many characters at the start of a text are searched for its title."""

_DEFAULT_TITLE = regex.compile(any_of(*LAYOUT.default_titles), regex.IGNORECASE | regex.DOTALL)
_FILE_NAME = regex.compile(
    r"""
      about:blank | (?:https?|file):.*
    | \S+\.(?:docx?|dotx?|odt|rtf|pdf|tex|dvi|ps|indd|qxd|p65|pptx?|xlsx?|html?|txt|cdr|pages|eps|fm|book)
    | \S+\.(?:exe|wpd|pub|epub|ai|prn|xps)
    | .*\.(?:docx?|dotx?|odt|indd|qxd|pptx?|xlsx?) | [\W\d_]*
    """,
    regex.VERBOSE | regex.IGNORECASE | regex.DOTALL,
)
_MARKS = regex.compile(r"^[*_=#~ ]+|[*_=#~ ]+$")


def is_default_title(title: str, source: str) -> bool:
    """Return whether a title in a file's properties is a file name, or what a program writes by default.

    Scanners and image programs write the file's own name without its suffix: one word is taken for that.
    """
    if title == PurePath(source).stem and not any(map(str.isspace, title)):
        return True
    return _FILE_NAME.fullmatch(title) is not None or _DEFAULT_TITLE.fullmatch(title) is not None


def is_placeholder(name: str) -> bool:
    """Return whether the title or author of a book is a file's name, or what a program writes for none.

    A book may be called by a number.
    """
    is_file_name = _FILE_NAME.fullmatch(name) is not None and any(map(str.isalpha, name))
    return is_file_name or _DEFAULT_TITLE.fullmatch(name) is not None


def title_of(text: str) -> str:
    """Return the title in the first lines of plain `text`; empty if there is none."""
    return shortened(_plain_title(text[:_LOOKED_AT]))


def _plain_title(text: str) -> str:
    """Return the heading above the fields of a plain text, or else the first line below the fields."""
    shown = [block for block in plain_blocks(text) if block.kind is not BlockKind.BOILERPLATE]
    fields = [number for number, block in enumerate(shown) if block.kind is BlockKind.ROW]
    candidates = shown
    if fields and not any(block.kind is BlockKind.HEADING for block in shown[: fields[0]]):
        last = next((n for n in fields if n + 1 not in fields), fields[0])
        candidates = [*shown[last + 1 :], *shown[: last + 1]]
    titles = [
        title for block in candidates if (title := _line_of(block, text)) and not names_a_section(title)
    ]
    return titles[0] if titles else ""


def _line_of(block: Block, text: str) -> str:
    """Return the first line of a block (of a heading, all lines) without the marks around it."""
    said = block.span.of(text)
    line = said if block.kind is BlockKind.HEADING else said.splitlines()[0]
    return _MARKS.sub("", " ".join(line.split()))


def shortened(line: str) -> str:
    """Return `line`, cut between words if it is too long for a title."""
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
