"""Labels of a page's interface that stand alone in its main text: "Caption", "Advert", "3 min read"."""

from __future__ import annotations

from articleqa.language.web_pages import INTERFACE_LABEL

_LONGEST = 80


def is_label(text: str) -> bool:
    """Return whether `text` is a label of the interface, apart from punctuation at its end."""
    return len(text) <= _LONGEST and INTERFACE_LABEL.fullmatch(text.rstrip(" .…:!")) is not None
