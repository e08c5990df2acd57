"""Labels of a page's interface that stand alone in its main text: "Caption", "Advert", "3 min read"."""

from __future__ import annotations

import regex

_LONGEST = 80
_LABEL = regex.compile(
    r"""
    captions? | (?:back\ to\ )?(?:the\ )?gallery
    | (?:view|open|see)\ (?:the\ )?(?:gallery|slideshow|full\ ?screen|larger\ image)
    | (?:view|read|show|hide)\ (?:the\ )?(?:full\ )?captions?
    | (?:(?:image|photo|picture|slide)\ )?\d+\ (?:of|/)\ \d+(?:\ (?:images?|photos?|pictures?|slides?))?
    | image\ source,?(?:\ .{1,40})?
    | loading | please\ wait | video | audio | play(?:\ video)? | pause | mute | watch | listen
    | advert | ad | live
    | breaking(?:\ news)? | topshot | expand | collapse | (?:read|show|see)\ (?:less|more)
    | (?:estimated\ )?reading\ time:?\ .{1,20} | \d+\ min(?:ute)?s?\.?\ (?:read|to\ read)
    | listen\ to\ (?:this\ )?(?:article|story) | you\ (?:may|might)\ also\ (?:like|enjoy)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)


def is_label(text: str) -> bool:
    """Return whether `text` is a label of the interface, apart from punctuation at its end."""
    return len(text) <= _LONGEST and _LABEL.fullmatch(text.rstrip(" .…:!")) is not None
