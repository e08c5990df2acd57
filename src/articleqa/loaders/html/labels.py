"""Labels of a page's interface that stand alone in its main text: "Caption", "Advert", "3 min read"."""

from __future__ import annotations

from articleqa.language.web_pages import INTERFACE_LABEL, PROMOTION, SEE_ALSO
from articleqa.loaders.element_blocks import ElementBlock

_LONGEST = 80
_LONGEST_PROMOTION = 160


def is_label(text: str) -> bool:
    """Return whether `text` is a label of the interface, apart from punctuation at its end."""
    bare = text.rstrip(" .…:!?")
    return len(text) <= _LONGEST and bool(INTERFACE_LABEL.fullmatch(bare) or SEE_ALSO.fullmatch(bare))


def is_promotion(block: ElementBlock) -> bool:
    """Return whether a paragraph only leads elsewhere: to another article, to the site's newsletter."""
    text = block.text
    if len(text) <= _LONGEST_PROMOTION and PROMOTION.search(text):
        return True
    label = SEE_ALSO.match(text)
    return label is not None and 2 * block.linked > len("".join(text[label.end() :].split()))
