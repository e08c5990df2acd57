"""Move the footnotes and text boxes of an RTF file below their paragraphs, and remove its hidden text."""

from __future__ import annotations

import regex

NOTE = "\ue006"
"""Stands at the start of each paragraph of a footnote or a text box."""

_TOKEN = regex.compile(
    r"\\(?:(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})? ?|.)|(?P<brace>[{}])", regex.DOTALL
)
_MOVED = ("footnote", "shptxt")
_HIDING = ("v", "deleted")
_CONCERNED = regex.compile(r"\\(?:footnote|shptxt|v|deleted)(?![a-z])")
_IGNORABLE = "\\*"
_MOST_DEPTH = 1_000


class _Group:
    """An open group: where it and its hidden text begin among the pieces, and whether it is moved."""

    def __init__(self, start: int, *, is_in_note: bool) -> None:
        self.start = start
        self.hidden_from: int | None = None
        self.is_note = False
        self.is_in_note = is_in_note


def rearranged(rtf: str) -> str:
    """Return `rtf` with the footnotes and text boxes of each paragraph below it, and without hidden text."""
    if not _CONCERNED.search(rtf):
        return rtf
    pieces: list[str] = []
    waiting: list[str] = []
    groups = [_Group(0, is_in_note=False)]
    end = 0
    for token in _TOKEN.finditer(rtf):
        pieces.append(rtf[end : token.start()])
        end = token.end()
        group = groups[-1]
        word = token["word"]
        if token["brace"] == "{":
            groups.append(_Group(len(pieces), is_in_note=group.is_in_note))
            pieces.append("{")
        elif token["brace"] == "}":
            _close(groups, pieces, waiting)
        elif word in _MOVED and not group.is_in_note:
            group.is_note = group.is_in_note = True
            if pieces[-2:-1] == [_IGNORABLE]:
                pieces[-2] = ""
            pieces.append(f" {NOTE}")
        elif word in _HIDING:
            _hide(group, pieces, is_on=token["number"] != "0")
        else:
            if word == "plain":
                _hide(group, pieces, is_on=False)
            pieces.append(token[0])
            if word in ("par", "row") and group.is_in_note:
                pieces.append(f" {NOTE}")
            elif word in ("par", "row") and waiting:
                pieces += waiting
                waiting.clear()
        if len(groups) > _MOST_DEPTH:  # deeper than any program writes: nothing is moved
            return rtf
    return "".join([*pieces, rtf[end:], *waiting])


def _close(groups: list[_Group], pieces: list[str], waiting: list[str]) -> None:
    """Close the innermost group."""
    if len(groups) == 1:  # a brace too many
        return
    group = groups.pop()
    _hide(group, pieces, is_on=False)
    if group.is_note:
        waiting.append("".join([*pieces[group.start :], "\\par}"]))
        del pieces[group.start :]
    else:
        if len(groups) == 1:  # the end of the document
            pieces += ["\\par ", *waiting]
            waiting.clear()
        pieces.append("}")


def _hide(group: _Group, pieces: list[str], *, is_on: bool) -> None:
    """Begin or end hidden text in a group."""
    if is_on and group.hidden_from is None:
        group.hidden_from = len(pieces)
    elif not is_on and group.hidden_from is not None:
        del pieces[group.hidden_from :]
        group.hidden_from = None
