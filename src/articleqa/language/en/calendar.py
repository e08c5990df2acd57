"""Months, days and units of time in English."""

from __future__ import annotations

from datetime import datetime

from articleqa.language.protocol import Calendar
from articleqa.language.word_lists import any_of

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT_MONTHS = (*(month[:3] for month in MONTHS), "Sept")

MONTH = any_of(*MONTHS, r"Jan\.", r"Feb\.", r"Aug\.", r"Sept?\.", r"Oct\.", r"Nov\.", r"Dec\.")
"""A month in a sentence. Only these abbreviations count: with others, the shipped models would have to be
trained again, because the numbers that they read would change."""

DAY_OF_WEEK = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
UNIT_OF_TIME = r"(?:second|minute|hour|day|week|month|year|decade|century|centurie|season|generation)s?"
SEASONS = ("spring", "summer", "autumn", "winter")
"""Without "fall", which is a verb more often than a season."""

ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
ORDINAL = any_of(*ORDINAL_ENDINGS)


def _parse_date(text: str, *, default: datetime, dayfirst: bool) -> datetime:
    # Imported here: most dates are ISO 8601, and the import takes a tenth of a second.
    from dateutil.parser import parse

    return parse(text, default=default, dayfirst=dayfirst, ignoretz=True)


CALENDAR = Calendar(
    months=MONTHS,
    short_months=_SHORT_MONTHS,
    ordinal_endings=ORDINAL_ENDINGS,
    parse_date=_parse_date,
)
