"""The check that the passages of an index were made by this version's text analysis.

Every backend keeps the name of the analysis in its settings, and refuses by name what another version made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from articleqa.exceptions import IndexVersionError
from articleqa.storage.sqlite.schema import analysis_identity


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
