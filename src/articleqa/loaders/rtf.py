"""The RTF loader: striprtf decodes the text; marks put before that say what the control words mean.

striprtf knows groups, fonts, encodings and what is not text, but not headings, lists and tables. So each
control word that begins one of these gets a private character behind it, which striprtf passes on.
"""

from __future__ import annotations

import regex

from articleqa.loaders.office.blocks import TAB, Piece
from articleqa.loaders.office.lines import read_line
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.rtf_groups import NOTE, rearranged
from articleqa.loaders.superscripts import Shift, joined
from articleqa.loaders.text_builder import SHORT_CELL, TextBuilder
from articleqa.models import Article

LARGEST_RTF = 100_000_000
"""Maximum bytes; embedded pictures take most of a large file."""

_PLAIN, _ITEM, _CELL, _ROW, _IN_TABLE, _NAME = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
_LEVELS = {level: chr(0xE010 + level) for level in range(1, 10)}
_LEVEL_OF = {mark: level for level, mark in _LEVELS.items()}
_STYLED = frozenset((_ITEM, _NAME, *_LEVEL_OF))
_PRIVATE = regex.compile("[\ue000-\ue020]")

_SIGNATURE = b"{\\rtf"
_PICTURE = regex.compile(r"(?<=[\s}])(?:[0-9a-fA-F]{32,}\s*)+")
_NO_LENGTH = regex.compile(r"\\bin(?![0-9a-z])")
"""What pandoc writes ahead of a picture; striprtf wants a number of bytes there."""

_STYLE = regex.compile(
    r"\{[^{}]{0,100}?\\s(\d{1,4})(?=\D)[^{}]{0,2000}?\s(heading\s[1-9]\b|title(?=\s*;))", regex.IGNORECASE
)
_WORD = regex.compile(
    r"\\(?:\\|[{}]|'[0-9a-f]{2}|(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})? ?|[^a-z])", regex.IGNORECASE
)
_SHIFTED = regex.compile(
    r"(\\(super|sub)(?![a-z])(?:\\[a-z]++-?\d*+|\s)*+)([0-9+-]{1,9})(?=\}|\\nosupersub)", regex.IGNORECASE
)
"""Raised or lowered digits and signs."""

_TITLE = regex.compile(r"\{\\title ([^{}]{1,500})\}")
_CREATED = regex.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_TYPESETTING = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
"""Invisible characters that say where a line may or may not break."""

_AUTHOR = regex.compile(r"\{\\author ([^{}]{1,500})\}")


def load_rtf(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in an RTF file: paragraphs, headings by their styles, list items and tables.

    Footnotes, endnotes and text boxes are put below the paragraph or row that they belong to. Headers,
    footers, comments and hidden text are left out.

    Raises:
        MissingLibraryError: striprtf is not installed.
        UnreadableDataError: `data` is not RTF, is damaged, or too large.
    """
    rtf_to_text = optional_import("striprtf.striprtf", extra="rtf").rtf_to_text
    if not data.lstrip().startswith(_SIGNATURE):
        raise UnreadableDataError("not an RTF file; open it in its program and save it again")
    if len(data) > LARGEST_RTF:
        raise UnreadableDataError(
            f"an RTF file of more than {LARGEST_RTF // 1_000_000} MB; save it as .docx without its pictures"
        )
    source_text = _NO_LENGTH.sub(" ", _PICTURE.sub("", data.decode("latin-1")))
    try:
        text = rtf_to_text(_marked(rearranged(source_text)), errors="replace").translate(_TYPESETTING)
        title, author = (
            rtf_to_text("{\\rtf1 " + found[1] + "}", errors="replace").strip() if found else ""
            for found in (_TITLE.search(source_text), _AUTHOR.search(source_text))
        )
    except Exception:  # striprtf raises whatever a damaged number or encoding leads to
        raise UnreadableDataError("a damaged RTF file; open it in its program and save it again") from None
    builder = TextBuilder()
    shown = _read(text, builder)
    return builder.article(
        article_id,
        source,
        title=shown or title,
        media_type="application/rtf",
        extractor=f"striprtf/{library_version('striprtf')}",
        metadata={name: said for name, said in (("author", author), ("date", _date(source_text))) if said},
    )


def _date(rtf: str) -> str:
    """Return the day on which a document was made, in ISO 8601; empty if it does not say."""
    found = _CREATED.search(rtf)
    return "-".join(part.zfill(2) for part in found.groups()) if found else ""


def _marked(rtf: str) -> str:
    """Return `rtf` with private characters behind the words that begin a heading, an item or a cell."""
    styles = {
        number: _NAME if name.casefold() == "title" else _LEVELS[int(name[-1])]
        for number, name in _STYLE.findall(rtf)
    }

    def mark(found: regex.Match[str]) -> str:
        word, number = found["word"], found["number"]
        whole = found[0]
        match word:
            case "pard":
                return f"{whole} {_PLAIN}"
            case "s" if number in styles:
                return f"{whole} {styles[number]}"
            case "outlinelevel" if number and 0 <= int(number) < 9:
                return f"{whole} {_LEVELS[int(number) + 1]}"
            case "ls" if number and int(number) > 0:
                return f"{whole} {_ITEM}"
            case "listtext":  # the bullet or number, which other programs do not write
                return "\\pntext "
            case "intbl":
                return f"{whole} {_IN_TABLE}"
            case "cell" | "nestcell":
                return f" {_CELL}"
            case "row" | "nestrow":
                return f" {_ROW}\\par "
            case _:
                return whole

    # striprtf would add the addresses of links to the text.
    return _WORD.sub(mark, _SHIFTED.sub(_shifted, rtf.replace("HYPERLINK", "LINK")))


def _shifted(found: regex.Match[str]) -> str:
    """Return raised or lowered digits as the characters for these: 10³ is not 103."""
    digits = joined([(found[3], Shift.LOWERED if found[2].casefold() == "sub" else Shift.RAISED)])
    return found[1] + "".join(f"\\u{ord(digit)}?" for digit in digits)


def _read(text: str, builder: TextBuilder) -> str:
    """Read the text that striprtf returned for marked RTF, paragraph by paragraph; return its title.

    The title is what is in the style for it; empty if nothing is.
    """
    mark = _PLAIN
    rows = 0
    title = waiting = ""
    in_table = False
    for line in text.split("\n"):
        if NOTE in line:
            builder.paragraph(_PRIVATE.sub("", line))
            continue
        marks = [each for each in _PRIVATE.findall(line) if each not in (_CELL, _ROW)]
        if _PLAIN in marks:
            marks = marks[len(marks) - marks[::-1].index(_PLAIN) :]
            mark, in_table = _PLAIN, False
        in_table = in_table or _IN_TABLE in marks
        mark = next((each for each in reversed(marks) if each in _STYLED), mark)
        if _ROW in line:
            _read_row((waiting + line).partition(_ROW)[0], builder, is_first=not rows)
            waiting, in_table = "", False
            rows += 1
            continue
        if in_table or _CELL in line:  # a cell may have several paragraphs
            waiting += f"{line} "
            continue
        said = _PRIVATE.sub("", f"{waiting}{line}")
        waiting = ""
        if said.strip():
            rows = 0
            title = title or (said.strip() if mark == _NAME else "")
            _read_paragraph(said, mark, builder)
    if (said := _PRIVATE.sub("", waiting)).strip():
        builder.paragraph(said)
    return title


def _read_paragraph(text: str, mark: str, builder: TextBuilder) -> None:
    if mark == _NAME:
        builder.heading(text, 1)
    elif mark in _LEVEL_OF:
        builder.heading(text, _LEVEL_OF[mark])
    elif mark == _ITEM:
        builder.item(text)
    else:
        _read_line(text, builder)


def _read_line(text: str, builder: TextBuilder) -> None:
    """Read a line that is no item by its properties: it may be a typed item, or columns with tabs between."""
    parts = [piece for part in text.split(TAB) for piece in (Piece(TAB), Piece(part))][1:]
    line = read_line(parts)
    if line.marker:
        builder.item(" ".join(line.cells), marker=line.marker)
    elif len(line.cells) > 1:
        builder.row(line.cells)
    else:
        builder.paragraph(line.cells[0])


def _read_row(text: str, builder: TextBuilder, *, is_first: bool) -> None:
    cells = [_PRIVATE.sub("", cell).strip() for cell in text.split(_CELL)][:-1]
    if not any(cells):
        return
    looks_head = is_first and len(cells) > 1 and max(map(len, cells)) <= SHORT_CELL and all(cells)
    (builder.header_row if looks_head else builder.row)(cells)
