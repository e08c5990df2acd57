"""Join the lines of text in the format "flowed" (RFC 3676): a line that ends in a space goes on below."""

from __future__ import annotations

import regex

_MARKS = regex.compile(r">*")
_SIGNATURE = "-- "


def unflowed(text: str, *, joins_words: bool = False) -> str:
    """Return `text` with one line for each paragraph; `joins_words` says that the spaces at line ends go too.

    The ">" of quotations stay, and a space after them sets them apart.
    """
    paragraphs: list[str] = []
    last_marks, is_open = "", False
    for line in text.replace("\r\n", "\n").split("\n"):
        marks = _MARKS.match(line)
        depth = marks[0] if marks else ""
        said = line[len(depth) :].removeprefix(" ")
        is_signature = said == _SIGNATURE
        if is_open and depth == last_marks and not is_signature:
            paragraphs[-1] += said
        else:
            paragraphs.append(f"{depth} {said}" if depth else said)
        is_open = said.endswith(" ") and not is_signature
        if is_open and joins_words:
            paragraphs[-1] = paragraphs[-1][:-1]
        last_marks = depth
    return "\n".join(paragraph if paragraph == _SIGNATURE else paragraph.rstrip() for paragraph in paragraphs)
