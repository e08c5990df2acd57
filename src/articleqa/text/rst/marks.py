"""Patterns of the markers of reStructuredText, each matched where the marker begins."""

from __future__ import annotations

import regex

EXPLICIT = regex.compile(
    r"""\.\. (?:
        [ \t]+ (?P<footnote>\[[^\]\s]+\]) (?=\s|\Z)
      | [ \t]+ (?P<definition>\|[^|]+\|[ \t])
      | [ \t]+ (?P<directive>[\w:+.-]*\w) [ ]?::(?=\s|\Z)
      | (?P<rest>(?:[ \t]+\S.*)?) \Z
    )""",
    regex.VERBOSE,
)
OPTION = regex.compile(r":(?=[^:\s])(?P<name>[^:]*+):(?:\s+|\Z)")
FIELD = regex.compile(r":(?![:\s])(?P<name>(?:[^:\\]|\\.|:(?![\s`]|\Z))*+)(?<!\s):(?:\s+|\Z)")
BULLET = regex.compile(r"[-*+•‣⁃](?:[ \t]+|\Z)")
ENUMERATOR = regex.compile(
    r"""(?: \( (?:(?P<number>\d{1,9}|\#)|(?P<letter>[a-zA-Z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})) \)
      | (?:(?P<number>\d{1,9}|\#)|(?P<letter>[a-zA-Z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})) [.)]
    ) (?:[ \t]+|\Z)""",
    regex.VERBOSE,
)
OPTION_LIST = regex.compile(
    r"""(?P<option> [-+]\w (?:[ ]?+[<\w][^ ,]*+)?+ | (?:--|/)[\w-]++ (?:[ =][<\w][^ ,]*+)?+ )
    (?: ,[ ] (?&option) )*+ (?: [ ]{2,} | \Z )""",
    regex.VERBOSE,
)
