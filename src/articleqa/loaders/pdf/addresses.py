"""Web and e-mail addresses that a line end breaks."""

from __future__ import annotations

import regex

from articleqa.loaders.pdf.dictionary import is_word

ADDRESS = regex.compile(r"://|@|www\.", regex.IGNORECASE)
_OPEN_END = ("://", "@")
_MARKS = "/?=&#%_~+"
"""Characters that an address may be broken after, and that nothing but an address begins with."""

_ADDRESS_PART = regex.compile(r"[\w.~%-]*[/=&_%#?][\w./=&%#?~-]*|[\w-]+(?:\.[\w-]+)+/?|\S*\p{Nd}\S*")
_PATH = regex.compile(r"[\w.~%-]+(?:/[\w.~%=&?#-]*)+")
_QUERY = regex.compile(r"[\w./%~-]+\?[\w=&%.-]*[=&]")
"""The middle part of an address over three lines."""

_MAIL_HOST = regex.compile(r"@[\w-]+(?:\.[\w-]+)+")


def breaks_address(last: str, first: str) -> bool:
    """Return whether the last word of a line and the first of the next are the parts of one address."""
    if not first:
        return False
    if not ADDRESS.search(last) and not _QUERY.fullmatch(last):
        return last[-1:].isalnum() and _MAIL_HOST.match(first) is not None
    if last.endswith(_OPEN_END):
        return True
    if ADDRESS.search(first):
        return False
    if last[-1] == ".":
        return first[0].islower() or first[0].isdigit()
    if first[0] in _MARKS or (first[0] == "." and first[1:2].isalnum()):
        return True
    bare = first.rstrip(".,;:)>]\"'”’")
    if last[-1] in _MARKS:
        return _ADDRESS_PART.fullmatch(bare) is not None or not is_word(bare)
    return "://" in last and _PATH.fullmatch(bare) is not None and "." in bare
