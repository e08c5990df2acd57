"""Calendar files: each event is a row that can answer, with its time, its place and its description."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, BlockKind, load_articles
from articleqa.loaders import calendars
from articleqa.loaders.calendars import load_ics
from articleqa.loaders.protocol import UnreadableDataError

HEAD, END = "BEGIN:VCALENDAR\nX-WR-CALNAME:Harbour office\n", "END:VCALENDAR\n"


def event(*lines: str, kind: str = "VEVENT") -> str:
    return "\n".join((f"BEGIN:{kind}", *lines, f"END:{kind}", ""))


def loaded(*events: str) -> Article:
    data = f"{HEAD}{''.join(events)}{END}".replace("\n", "\r\n").encode()
    return load_ics(data, "a.ics", "a.ics")


def rows(article: Article) -> list[str]:
    return [b.span.of(article.text) for b in article.blocks or () if b.kind is BlockKind.ROW]


def test_events_are_rows_with_their_descriptions_below_headings(tmp_path: Path) -> None:
    meeting = event(
        "SUMMARY;LANGUAGE=en:Board meeting\\, open to a",
        " ll",
        "DTSTART;TZID=Europe/Oslo:20200305T090000",
        "DTEND;TZID=Europe/Oslo:20200305T100000",
        "LOCATION:Town hall",
        "DESCRIPTION:The board votes on the fee for a night.\\n\\nThe gate closes at nine.",
        *("BEGIN:VALARM", "DESCRIPTION:Reminder", "END:VALARM"),
    )
    tea = event("SUMMARY:Tea", "DTSTART;VALUE=DATE:20200306", "DTEND;VALUE=DATE:20200307")
    path = tmp_path / "harbour"
    path.write_text(HEAD + meeting + tea + END)
    (article,) = load_articles(path)
    assert (article.title, article.media_type) == ("Harbour office", "text/calendar")
    assert rows(article) == [
        "Board meeting, open to all | 2020-03-05 09:00 (Europe/Oslo) – 2020-03-05 10:00 (Europe/Oslo)"
        " | Town hall",
        "Tea | 2020-03-06",
    ]
    assert "Reminder" not in article.text
    index = ArticleIndex.from_articles([article])
    citation = index.ask("When does the gate close?", min_confidence=0).sentences[0].citation
    assert (citation.quote, citation.section) == ("The gate closes at nine.", ("Board meeting, open to all",))
    assert citation.verify(article)


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (("DTSTART:20200305T090000Z",), "Tea | 2020-03-05 09:00 UTC"),
        (("DTSTART;VALUE=DATE:20200305", "DTEND;VALUE=DATE:20200308"), "Tea | 2020-03-05 – 2020-03-07"),
        (("DTSTART:20200305T090000", "RRULE:FREQ=WEEKLY;BYDAY=TH"), "Tea | 2020-03-05 09:00 | weekly"),
        (("DTSTART:20200305", "STATUS:CANCELLED"), "Tea | 2020-03-05 | cancelled"),
        (("DTSTART:soon", "DTEND;VALUE=DATE:00010101"), "Tea | 0001-01-01"),
        (("DTSTART;VALUE=DATE:00000101", "DTEND;VALUE=DATE:99999999"), "Tea | 0000-01-01"),
    ],
)
def test_times_are_written_as_people_read_them(lines: tuple[str, ...], row: str) -> None:
    assert rows(loaded(event("SUMMARY:Tea", *lines))) == [row]


def test_tasks_are_rows_too() -> None:
    task = event("SUMMARY:Mend the gate", "DUE;VALUE=DATE:20200305", kind="VTODO")
    assert rows(loaded(task)) == ["Mend the gate | 2020-03-05"]


def test_what_is_no_calendar_or_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (b"", b"It rained.", b"\0\1\2" * 100):
        with pytest.raises(UnreadableDataError, match="not a calendar; export it again"):
            load_ics(data, "a.ics", "a.ics")
    monkeypatch.setattr(calendars, "_MOST_EVENTS_OF_FILE", 2)
    with pytest.raises(UnreadableDataError, match="more than 2 events; split it"):
        loaded(event("SUMMARY:a") * 3)


def test_components_that_never_end_take_linear_time() -> None:
    start = time.process_time()
    loaded("BEGIN:VEVENT\nBEGIN:VALARM\n" * 100_000)
    assert time.process_time() - start < 5


@given(
    st.lists(
        st.sampled_from(["BEGIN:VEVENT", "END:VEVENT", "SUMMARY:a", ' b;"', "END:VALARM", ":", "DTSTART:2"])
    )
)
def test_any_lines_are_a_calendar_with_blocks_in_its_text(lines: list[str]) -> None:
    article = loaded("\n".join([*lines, ""]))
    assert all(block.span.end <= len(article.text) for block in article.blocks or ())
