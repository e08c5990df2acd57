"""Text in `<pre>`, whose lines are shown as they are: code, or what else somebody typed line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.element_blocks import WITHOUT_TEXT
from articleqa.models import BlockKind
from articleqa.text.lines import lines_of
from articleqa.text.plain.blocks import plain_blocks
from articleqa.text.plain.code import is_code as is_code_as_a_whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_OTHER_BLOCKS = (
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "dl", "table", "blockquote", "section", "article",
)  # fmt: skip
"""Blocks in a `pre` that was never closed, or only chooses a font."""

_CODE = ("code", "samp", "kbd")
_MOSTLY = 0.5
_NAMED_AS_CODE = regex.compile(
    r"\b(?:code\w*|highlight\w*|hljs|prettyprint\w*|prism|brush|syntax\w*|source\w*|lang(?:uage)?-\w+|shiki"
    r"|literal-block|doctest|programlisting|listing|screen|console|terminal|shell|crayon\w*|geshi\w*)\b",
    regex.IGNORECASE,
)
_LEVELS = 3
"""How many elements are looked at for a name of code: the `pre`, and those around it."""

_NO_INDENT = -2
"""Stands for the indentation above a text, which a single line of code must exceed by two columns."""


def text_with_lines(pre: _Element) -> str | None:
    """Return the text of a `pre` with its line ends; None if it holds paragraphs, lists or tables."""
    if next(pre.iterdescendants(*_OTHER_BLOCKS), None) is not None:
        return None
    return "".join(_texts(pre)).replace("\r\n", "\n").replace("\r", "\n")


def _texts(pre: _Element) -> Iterator[str]:
    from lxml.etree import iterwalk

    walk = iterwalk(pre, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is not pre:
                yield "\n" if element.tag == "div" else ""
                yield element.tail or ""
        elif element.tag in WITHOUT_TEXT:
            walk.skip_subtree()
        else:
            yield "\n" if element.tag == "br" else element.text or ""


def is_code(pre: _Element, text: str) -> bool:
    """Return whether a `pre` with this text is code: by its elements, a name, or the look of its lines."""
    marked = sum(len("".join(element.itertext())) for element in pre.iterchildren(*_CODE))
    if marked >= _MOSTLY * len(text.strip()):
        return True
    around = [pre, *pre.iterancestors()][:_LEVELS]
    if any(_NAMED_AS_CODE.search(element.get("class") or "") for element in around):
        return True
    if is_code_as_a_whole(text, lines_of(text), _NO_INDENT, is_wrapped=False):
        return True
    found = sum(len(block.span) for block in plain_blocks(text) if block.kind is BlockKind.CODE)
    return found > _MOSTLY * len(text.strip())
