"""Blocks of Markdown as lines: a mark for each kind, as often as its level, and the text."""

from articleqa.models import BlockKind
from articleqa.text.blocks import blocks_of

MARKS = {BlockKind.HEADING: "#", BlockKind.BOILERPLATE: "-", BlockKind.PROSE: "|", BlockKind.ITEM: "*"}
MARKS |= {BlockKind.HEADER_ROW: "=", BlockKind.ROW: "+", BlockKind.CODE: "$"}


def shown(text: str) -> list[str]:
    return [
        f"{MARKS[block.kind] * max(1, block.level)} {block.span.of(text)}"
        for block in blocks_of(text, "text/markdown")
    ]
