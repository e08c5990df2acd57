"""The identities of the text analysis and of the encoder that made an index.

Every backend keeps them in its settings, and refuses by name what another version's analysis made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache

from articleqa.data import data_path
from articleqa.exceptions import IndexVersionError
from articleqa.language import LANGUAGE
from articleqa.language.other_languages import FACTS
from articleqa.language.protocol import ANALYSIS_FILES

ENCODING = 3
"""Increase this by hand when the code in `encoder/` gives the same passage other vectors."""

ANALYSIS = 3
"""Increase this by hand when the code in `language/`, `text/` or `passages.py` gives other terms or spans."""

_DECIDING = sorted([FACTS, *(LANGUAGE.folder / name for name in ANALYSIS_FILES)], key=lambda path: path.name)
"""The shipped files that determine the passages, sentences and terms of a text."""


@cache
def analysis_identity() -> str:
    """Return an identifier of this version's text analysis: its code, word lists and sentence parameters."""
    digest = hashlib.blake2b(digest_size=8)
    for path in _DECIDING:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{LANGUAGE.code}-{ANALYSIS}-{digest.hexdigest()}"


@cache
def encoder_identity() -> str:
    """Return an identifier of the shipped encoder; vectors of different encoders cannot be compared."""
    digest = hashlib.blake2b(data_path("encoder.onnx").read_bytes(), digest_size=8)
    return f"{ENCODING}-{digest.hexdigest()}"


def check_analysis(place: object, settings: Mapping[str, str], advice: str) -> None:
    """Refuse an index whose passages and terms were made by another version of the text analysis.

    `place` and `advice` are for the message: which index it is, and what to do.

    Raises:
        IndexVersionError: the analysis differs from this version's.
    """
    if settings.get("analysis") != analysis_identity():
        raise IndexVersionError(
            f"{place}: made by the analysis {shown_setting(settings, 'analysis')}, but this version uses"
            f" {analysis_identity()}; {advice}"
        )


def shown_setting(settings: Mapping[str, str], name: str) -> str:
    """Return a setting for a message; anybody may have written it, so only plain names are shown."""
    value = settings.get(name, "")
    return value if re.fullmatch(r"[\w.-]{1,40}", value) else "unknown"
