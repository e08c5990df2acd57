"""What blog programs put below the entries of their feeds, as patterns.

In English, German, French and Spanish: WordPress writes it in the language of the site.
"""

from __future__ import annotations

import regex

APPEARED_FIRST = regex.compile(
    r"(?:The post\b.* (?:appeared first|first appeared) on\b.*"
    r"|Der Beitrag\b.* erschien zuerst auf\b.*"
    r"|L['’]article\b.* est apparu en premier sur\b.*"
    r"|La entrada\b.* (?:se publicó primero en|aparece primero en)\b.*)",
    regex.IGNORECASE,
)
