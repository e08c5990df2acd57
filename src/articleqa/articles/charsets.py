"""Which encoding bytes that are not UTF-8 are in: the one in which they spell words of some language.

Detectors that judge by letter statistics need more than a paragraph. An article may be one line, so
this one asks something simpler: of the characters beyond ASCII, how many are letters of one language
that is written in this encoding, and stand where letters can stand?
"""

from __future__ import annotations

import string
from functools import cache

import regex

_WESTERN = (
    "àâæçéèêëîïôœùûü",  # French
    "äöüßé",  # German
    "áéíñóúü",  # Spanish
    "ãõáâàçéêíóôú",  # Portuguese
    "àèéìíòóùú",  # Italian, Catalan but for ç and ï
    "åäöøæé",  # Swedish, Norwegian, Danish, Finnish
    "éëïèêöü",  # Dutch
    "áðéíóúýþæö",  # Icelandic
)
_CENTRAL = (
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýžäľĺŕô",  # Czech, Slovak
    "áéíóöőúüű",  # Hungarian
    "čćđšž",  # Croatian, Slovene
    "ăâîşţ",  # Romanian
    "äöüß",  # German
)
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž")
_CYRILLIC = ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_TURKISH = ("çğıiöşüâî",)
_GREEK = ("αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋφχψωώ",)
_HEBREW = ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",)
_ARABIC = ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي،؛؟ًٌٍَُِّْ",)
_MARKS = frozenset("’‘“”„–—…«»·•€£¥©®°§±²³½¼ºª¿¡\u00a0")

_LETTERS = {
    "cp1252": _WESTERN,
    "cp1255": _HEBREW,  # ahead of cp1251, in which it would read as Russian without ы, ь, э, ю and я
    "cp1251": _CYRILLIC,
    "cp932": ("japanese",),
    "cp949": ("korean",),
    "gb18030": ("chinese",),
    "big5": ("traditional",),
    "euc_jp": ("japanese",),
    "cp1250": _CENTRAL,
    "koi8-r": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "iso8859-2": _CENTRAL,
    "cp1254": _TURKISH,
    "cp1253": _GREEK,
    "cp1256": _ARABIC,
    "cp1257": _BALTIC,
    "iso8859-5": _CYRILLIC,
    "iso8859-7": _GREEK,
    "cp866": _CYRILLIC,
    "mac-roman": _WESTERN,
    "cp850": _WESTERN,
}
"""The encodings known, the more widespread first, and what the languages written in them use."""

_ROWS = {
    "chinese": ("gb2312", 0xB0, 0xD7),
    "traditional": ("big5", 0xA4, 0xC6),
    "japanese": ("euc_jp", 0xB0, 0xCF),
    "korean": ("euc_kr", 0xB0, 0xC8),
}
"""Where each standard keeps its everyday characters: its encoding, the first lead byte, the last."""

_EAST_ASIAN_MARKS = frozenset(map(chr, [*range(0x3001, 0x3016), *range(0xFF01, 0xFF5F)]))
_KANA = frozenset(map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30FD)]))

_MISPLACED = regex.compile(
    r"""
      (?<=\p{L})\p{Lu} | \p{Lu}(?=\p{Lu})                                # capitals inside a word
    | (?<=\p{L})[\p{S}\p{No}¿¡„‚](?=\p{L})                               # a symbol inside a word
    | (?<=[A-Za-z])[\p{Cyrillic}\p{Greek}\p{Hebrew}\p{Arabic}]           # two alphabets in a word
    | [\p{Cyrillic}\p{Greek}\p{Hebrew}\p{Arabic}](?=[A-Za-z])
    """,
    regex.VERBOSE,
)

_SAMPLED = 16_384
"""Bytes looked at, from the first that is not ASCII on."""

_KNOWN_IN_TEXT = 0.8
"""The least share of the characters of a text that are of some language listed here."""


def likeliest_encoding(data: bytes) -> str:
    """Return the encoding in which the bytes from `data` beyond ASCII are most plausible.

    A paragraph of a language listed here, in its usual mix of small letters and capitals, is told
    right; a few words may not be, and of encodings that fit equally well the most widespread is
    taken (cp1252 where nothing fits). The answer depends on `data` alone.
    """
    first = regex.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - 1) if first else 0
    sample = data[start : start + _SAMPLED]
    return max(_LETTERS, key=lambda encoding: _plausibility(sample, encoding))


def utf_16_order(data: bytes) -> str | None:
    """Return the UTF-16 that `data` is in without a byte order mark, or None where it is in neither."""
    encoding = max(("utf-16-le", "utf-16-be"), key=lambda encoding: _share_known(data, encoding))
    return encoding if _share_known(data, encoding) >= _KNOWN_IN_TEXT else None


def _share_known(data: bytes, encoding: str) -> float:
    text = data.decode(encoding, errors="replace")
    return sum(char in _known() for char in text.lower()) / max(1, len(text))


@cache
def _known() -> frozenset[str]:
    """Return the characters of all languages listed here, ASCII with them."""
    return frozenset(string.printable).union(*(letters for name in _LETTERS for letters in _usual(name)))


def _plausibility(sample: bytes, encoding: str) -> float:
    """Return the share of characters beyond ASCII that are usual and in place (1.0 at best)."""
    text = sample.decode(encoding, errors="replace")
    beyond = [char for char in text.lower() if char > "\x7f"]
    if not beyond:
        return 0.0
    usual = max(sum(char in letters for char in beyond) for letters in _usual(encoding))
    misplaced = sum(match[0] > "\x7f" for match in _MISPLACED.finditer(text))
    return (usual - misplaced) / len(beyond)


@cache
def _usual(encoding: str) -> tuple[frozenset[str], ...]:
    """Return, for each language written in `encoding`, the characters beyond ASCII that it uses."""
    return tuple(_east_asian(name) if name in _ROWS else _MARKS.union(name) for name in _LETTERS[encoding])


@cache
def _east_asian(name: str) -> frozenset[str]:
    encoding, first, last = _ROWS[name]
    leads = range(first, last + 1)
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    characters = {pair.decode(encoding, errors="ignore")[:1] for pair in pairs} - {""}
    marks = _EAST_ASIAN_MARKS | frozenset("“”‘’—…·")
    return frozenset(characters) | marks | (_KANA if name == "japanese" else frozenset())
