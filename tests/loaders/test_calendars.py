"""Calendar files: each event is a row that can answer, with its time, its place and its description."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, BlockKind, load_articles
from articleqa.loaders import calendars
from articleqa.loaders.calendars import load_ics, text_of_invitation
from articleqa.loaders.mail.eml import eml_members
from articleqa.loaders.protocol import Fields, MissingLibraryError, NamedData, UnreadableDataError

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
        (("DTSTART:20200305T090000", "RRULE:FREQ=WEEKLY"), "Tea | 2020-03-05 09:00 | weekly"),
        (("DTSTART:20200305", "STATUS:CANCELLED"), "Tea | 2020-03-05 | cancelled"),
        (("DTSTART:20200305", "STATUS:tentative"), "Tea | 2020-03-05 | tentative"),
        (("DTSTART;VALUE=DATE:20200305", "DTEND;VALUE=DATE:20200305"), "Tea | 2020-03-05"),
        (
            ("DTSTART:20240701T100000Z", "DURATION:PT2H30M"),
            "Tea | 2024-07-01 10:00 UTC – 2024-07-01 12:30 UTC",
        ),
        (
            ("DTSTART;TZID=A:20240701T230000", "DURATION:PT1H"),
            "Tea | 2024-07-01 23:00 (A) – 2024-07-02 00:00 (A)",
        ),
        (("DTSTART;VALUE=DATE:20240308", "DURATION:P1W"), "Tea | 2024-03-08 – 2024-03-14"),
        (("DTSTART;VALUE=DATE:20240308", "DURATION:PT2H"), "Tea | 2024-03-08"),
        (("DTSTART:99991231T100000", "DURATION:P99999D"), "Tea | 9999-12-31 10:00"),
        (("DTSTART:20241301T996000", "DURATION:PT1H"), "Tea | 2024-13-01 99:60"),
        (("DTSTART:20240308T100000", f"DURATION:P{'9' * 50}D"), "Tea | 2024-03-08 10:00"),
        (
            ("DTSTART:20200305", 'ORGANIZER;CN="Holt, Ines":mailto:i@a.example'),
            "Tea | 2020-03-05 | organized by Holt, Ines",
        ),
        (("DTSTART:20200305", "ORGANIZER:mailto:i@a.example"), "Tea | 2020-03-05"),
        (("DTSTART:soon", "DTEND;VALUE=DATE:00010101"), "Tea | 0001-01-01"),
        (("DTSTART;VALUE=DATE:00000101", "DTEND;VALUE=DATE:99999999"), "Tea | 0000-01-01"),
    ],
)
def test_times_are_written_as_people_read_them(lines: tuple[str, ...], row: str) -> None:
    assert rows(loaded(event("SUMMARY:Tea", *lines))) == [row]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20241231",
            "every 2 weeks on Tuesday, Thursday until 2024-12-31",
        ),
        ("FREQ=YEARLY;INTERVAL=4", "every 4 years"),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=5", "monthly on the last Friday, 5 times"),
        ("FREQ=DAILY;COUNT=3;WKST=SU", "daily, 3 times"),
        ("freq=daily;count=1", "daily, once"),
        ("FREQ=MONTHLY;BYDAY=FR,+1MO", "monthly on every Friday, the first Monday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "monthly on day 15, the last day"),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "yearly on the last Sunday in October"),
        ("FREQ=YEARLY;BYMONTH=01,6", "yearly in January, June"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "monthly on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "monthly"),
    ],
)
def test_repeats_are_said_in_words(rule: str, words: str) -> None:
    assert rows(loaded(event("SUMMARY:Tea", "DTSTART:20240305", f"RRULE:{rule}"))) == [
        f"Tea | 2024-03-05 | {words}"
    ]


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=SOMETIMES", "FREQ=DAILY;INTERVAL=0", f"FREQ=DAILY;INTERVAL={'9' * 9}", "W2 TU TH #5"),
        *("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=DAILY;BYHOUR=9,14"),
        *("FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYWEEKNO=1,20", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
        *("FREQ=YEARLY;BYMONTHDAY=1", "FREQ=DAILY;INTERVAL=2;BYDAY=MO", "FREQ=MONTHLY;BYDAY=XX"),
        *("FREQ=DAILY;BYMONTH=13", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYDAY=9MO"),
    ],
)
def test_repeats_that_cannot_be_said_stay_vague_rather_than_false(rule: str) -> None:
    tea = ("SUMMARY:Tea", "DTSTART:20240305T090000Z")
    assert rows(loaded(event(*tea, f"RRULE:{rule}"))) == ["Tea | 2024-03-05 09:00 UTC | repeats"]
    if "=" in rule:
        ends = event(*tea, f"RRULE:{rule};UNTIL=20241231T100000Z")
        assert rows(loaded(ends)) == ["Tea | 2024-03-05 09:00 UTC | repeats until 2024-12-31 10:00 UTC"]


@pytest.mark.parametrize(
    ("start", "until", "words"),
    [
        ("DTSTART;TZID=A:20240305T090000", "20240630T235959Z", "until 2024-06-30 23:59 UTC"),
        ("DTSTART;TZID=A:20240305T090000", "20240630T235959", "until 2024-06-30"),
        ("DTSTART:20240305T090000Z", "20240630T090000Z", "until 2024-06-30"),
        ("DTSTART:20240305T090000Z", "20240630T085959Z", "until 2024-06-30 08:59 UTC"),
    ],
)
def test_a_series_ends_on_a_day_only_if_it_includes_that_day(start: str, until: str, words: str) -> None:
    (row,) = rows(loaded(event("SUMMARY:Tea", start, f"RRULE:FREQ=DAILY;UNTIL={until}")))
    assert row.endswith(f" | daily {words}")


def test_series_name_their_exceptions_and_added_dates() -> None:
    zone = 'TZID="(UTC+05:30) Chennai, Kolkata"'
    tea = ("SUMMARY:Tea", f"DTSTART;{zone}:20240301T090000", "RRULE:FREQ=DAILY")
    dates = (
        f"EXDATE;{zone}:20240501T090000,20240502T090000",
        f"EXDATE;{zone}:20240503T090000",
        f"RDATE;VALUE=PERIOD;{zone}:20240603T090000/PT1H,soon",
        "RDATE:20240604T120000Z",
    )
    (row,) = rows(loaded(event(*tea, *dates)))
    assert row.endswith(
        " | daily, except 2024-05-01, 2024-05-02, 2024-05-03, also 2024-06-03, 2024-06-04 12:00 UTC"
    )
    many = "EXDATE;VALUE=DATE:" + ",".join(["20240501"] * 21)
    (row,) = rows(loaded(event("SUMMARY:Tea", "DTSTART:20240301", many, many)))
    assert row == f"Tea | 2024-03-01 | except {', '.join(['2024-05-01'] * 20)} and others"


def test_folds_may_cut_a_letter_in_two() -> None:
    lines = f"{HEAD}{event('SUMMARY:Treff in Köln')}{END}".encode()
    cut = lines.replace("ö".encode(), b"\xc3\r\n \xb6")
    assert rows(load_ics(cut, "a.ics", "a.ics")) == ["Treff in Köln"]
    assert rows(load_ics(lines.decode().encode("utf-16"), "a.ics", "a.ics")) == ["Treff in Köln"]
    letters = "SUMMARY:Tea\u0a20\u0a09\u200a\u090a"  # their bytes have those of folds
    for encoding in ("utf-16-le", "utf-16-be"):
        data = f"\ufeff{HEAD}{event(letters)}{END}".encode(encoding)
        assert rows(load_ics(data, "a.ics", "a.ics")) == ["Tea\u0a20\u0a09 \u090a"]
    mail = (
        b"Subject: Treff\nContent-Type: text/calendar; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + cut
    )
    (article,) = eml_members(NamedData(mail, "a.eml", "a.eml", "a.eml"), Fields())
    assert isinstance(article, Article)
    assert article.text == "Treff in Köln"


def test_an_event_whose_end_is_missing_is_read() -> None:
    cut = event("SUMMARY:First", "BEGIN:VALARM").removesuffix("END:VEVENT\n")
    assert rows(loaded(cut, event("SUMMARY:Second"))) == ["First", "Second"]
    data = f"{HEAD}BEGIN:VEVENT\nSUMMARY:First\nDESCRIPTION:half a des".encode()
    assert load_ics(data, "a.ics", "a.ics").text == "First\n\nFirst\n\nhalf a des"


def test_keywords_may_be_in_lower_case(tmp_path: Path) -> None:
    path = tmp_path / "calendar"
    path.write_text(
        "begin:vcalendar\nx-wr-calname:Harbour\nbegin:vevent\nsummary:Tea\n"
        "dtstart;tzid=A:20240305t090000\nend:vevent\nend:vcalendar\n"
    )
    (article,) = load_articles(path)
    assert (article.title, rows(article)) == ("Harbour", ["Tea | 2024-03-05 09:00 (A)"])


@pytest.mark.parametrize(
    ("description", "text"),
    [
        (
            "<b>Bring</b> the card.<br>Dr. Reh &amp\\; son wait.<ul><li>Floor 2</li></ul>",
            "Bring the card.\n\nDr. Reh & son wait.\n\nFloor 2",
        ),
        ("<b>Bring</b> the card.\\nIt is new.", "Bring the card.\n\nIt is new."),
        ("<table><tr><td>Gate</td><td>9</td></tr></table>", "Gate | 9"),
        (
            "Write to <ines@a.example> or <https://a.example>",
            "Write to <ines@a.example> or <https://a.example>",
        ),
        ("If a<b and b>c.", "If a<b and b>c."),
    ],
)
def test_descriptions_in_html_are_read_as_text(description: str, text: str) -> None:
    article = loaded(event("SUMMARY:Tea", f"DESCRIPTION:{description}"))
    assert article.text == f"Tea\n\nTea\n\n{text}"
    invitation = text_of_invitation(event("SUMMARY:Tea", f"DESCRIPTION:{description}"))
    assert invitation == "Tea\n\n" + text.replace("\n\n", "\n")


def test_only_descriptions_in_html_need_lxml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml.etree", None)
    assert loaded(event("SUMMARY:Tea", "DESCRIPTION:The gate.")).text == "Tea\n\nTea\n\nThe gate."
    with pytest.raises(MissingLibraryError, match=r"articleqa\[mail\]"):
        loaded(event("SUMMARY:Tea", "DESCRIPTION:The <b>gate</b>."))


def test_quoted_printable_values_are_decoded() -> None:
    lines = (
        "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Caf=E9 =",
        "visit=",
        "",
        "LOCATION;QUOTED-PRINTABLE:K=C3=B6ln",
        "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:The gate.=0D=0AThe pier.",
    )
    assert loaded(event(*lines)).text == "Café visit | Köln\n\nCafé visit\n\nThe gate.\n\nThe pier."


@pytest.mark.parametrize(
    "hostile",
    [
        f"RRULE:FREQ=MONTHLY;BYMONTHDAY={'0' * 1_000_000}x",
        f"RRULE:FREQ=MONTHLY;BYDAY={'MO,' * 300_000}",
        f"EXDATE;TZID={'z' * 500_000}:20240305T090000\n" + "EXDATE:x\n" * 50_000,
        f"A;QUOTED-PRINTABLE{';' * 500_000}:=\n" + "=\n" * 50_000,
        f"DESCRIPTION:{'<a ' * 300_000}",
        f"DESCRIPTION:<b{' ' * 500_000}<b>{'<a ' * 300_000}",
        f"DESCRIPTION:<b>{'<ul><li>' * 10}{'a<br>' * 50_000}",
        f"ORGANIZER{';CN=' * 200_000}:x",
        f"ORGANIZER;CN={chr(34) * 500_001}:x",
        f"DTSTART{';TZID=' * 200_000}:20240305",
        f"DURATION:P{'1' * 1_000_000}",
    ],
)
def test_hostile_properties_take_linear_time(hostile: str) -> None:
    start = time.process_time()
    loaded(event("SUMMARY:a", hostile))
    assert time.process_time() - start < 5


def test_tasks_are_rows_too() -> None:
    task = event("SUMMARY:Mend the gate", "DUE;VALUE=DATE:20200305", kind="VTODO")
    assert rows(loaded(task.replace("DUE;", "DTSTART:20200301\nDUE;"))) == [
        "Mend the gate | 2020-03-01 | due 2020-03-05"
    ]
    assert rows(loaded(task)) == ["Mend the gate | due 2020-03-05"]


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
