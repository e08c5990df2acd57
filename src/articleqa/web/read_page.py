"""What the page shows of an article: one part of it, with the places of an answer marked and a key away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from urllib.parse import urlencode

from pydantic import JsonValue

from articleqa.printing import one_line
from articleqa.web import words
from articleqa.web.marks import Group, Mark, Segment, groups_of
from articleqa.web.parts import Part
from articleqa.web.places import Place, Stepping
from articleqa.web.questions import AskRequest, query_of

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

ABOUT = ("author", "site")
"""The metadata that is shown below the title, beside the date and the format."""


class Described(Protocol):
    """What a page tells of an article beside its title."""

    @property
    def media_type(self) -> str:
        """The format."""

    @property
    def metadata(self) -> Mapping[str, JsonValue]:
        """The metadata."""


class ShownPart(NamedTuple):
    """A part of an article as the page shows it; see the template `read.html`."""

    title: str
    about: Sequence[str]
    language: str
    groups: Sequence[Group]
    number: int
    parts: int
    before: str
    after: str
    pages: int
    back: str
    step: Stepping | None
    step_before: str
    step_after: str


def shown_part(
    part: Part, here: Place | None, others: Sequence[Place], asked: AskRequest | None, step: Stepping | None
) -> ShownPart:
    """Return what the page shows of `part`; `here` is the quote to light, and `others` further places."""
    marks = [Mark(here.start, here.end, "lit", "quote")] if here else []
    beside = [place for place in others if place.article_id == part.article_id and place != here]
    marks += [
        Mark(place.start, place.end, "beside", f"place-{number}")
        for number, place in enumerate(_apart(beside, here), start=1)
    ]
    return ShownPart(
        title=part.title,
        about=about(part),
        language=language_of(part),
        groups=_without_gaps(_without_title(list(groups_of(part, marks)), part)),
        number=part.number,
        parts=part.parts,
        before=part_url(part, part.number - 1, asked) if part.number > 1 else "",
        after=part_url(part, part.number + 1, asked) if part.number < part.parts else "",
        pages=part.pages,
        back=f"/?{query_of(asked)}" if asked else "/",
        step=step,
        step_before=place_url(step.before, asked) if step and step.before else "",
        step_after=place_url(step.after, asked) if step and step.after else "",
    )


def part_url(part: Part, number: int, asked: AskRequest | None) -> str:
    """Return the address of another part of the same article."""
    fields: dict[str, str | int] = {"id": part.article_id, "part": number}
    return f"/read?{query_of(asked, **fields) if asked else urlencode(fields)}"


def place_url(place: Place, asked: AskRequest | None) -> str:
    """Return the address at which a place is lit."""
    fields: dict[str, str | int] = {"id": place.article_id, "start": place.start, "end": place.end}
    return f"/read?{query_of(asked, **fields) if asked else urlencode(fields)}#quote"


def _without_title(groups: Sequence[Group], part: Part) -> Sequence[Group]:
    """Return the groups without a first heading that repeats the title; a mark in it keeps it."""
    if part.number > 1 or not groups or not groups[0].tag.startswith("h"):
        return groups
    is_title = [segment._replace(page=0) for segment in groups[0].segments] == [Segment(part.title)]
    return groups[1:] if is_title else groups


def _without_gaps(groups: Sequence[Group]) -> list[Group]:
    """Return the groups with headings that skip no level below the title, for those who jump between them."""
    last, levelled = 1, []
    for group in groups:
        if group.tag.startswith("h"):
            last = min(int(group.tag[1]), last + 1)
            group = group._replace(tag=f"h{last}")
        levelled.append(group)
    return levelled


def _apart(places: Sequence[Place], here: Place | None) -> list[Place]:
    """Return those of `places` that overlap neither `here` nor a place before them."""
    kept: list[Place] = [here] if here else []
    for place in places:
        if all(place.end <= other.start or other.end <= place.start for other in kept):
            kept.append(place)
    return kept[1:] if here else kept


def about(part: Described) -> list[str]:
    """Return what is shown below the title: author, site, date and format."""
    values = (part.metadata.get(key) for key in ABOUT)
    told = [one_line(str(value))[:120] for value in values if isinstance(value, str | int) and value]
    dated = words.date_of(part.metadata)
    return [*told, *([dated] if dated else []), words.format_name(part.media_type)]


def language_of(part: Described) -> str:
    """Return the language of an article, as HTML has it; empty if unknown."""
    language = part.metadata.get("language")
    return language if isinstance(language, str) and _LANGUAGE.fullmatch(language) else ""
