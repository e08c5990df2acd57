"""Markup that the encoder does not read is blanked, and everything else stays where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.text.markup import without_markup

BITS = st.sampled_from(
    [
        *'[]()<>"`* \n',
        "](",
        "{{<",
        ">}}",
        "text=",
        "<!--",
        "-->",
        ":doc:",
        "word",
        "https://a.org/",
        "[^1]",
        "é",
    ]
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "Ask the [Department of Homes](https://www.dhs.gov/data/AI (old)) today.",
            "Ask the Department of Homes today.",
        ),
        (
            "Use [`kubectl delete`](/docs/#delete) with `--cascade=orphan`.",
            "Use kubectl delete with --cascade=orphan .",
        ),
        ('A {{< tooltip text="Pod" term_id="pod" >}} is small.{{< /note >}}', "A Pod is small."),
        ("The officer (COR)[^1] signs [the form][form].", "The officer (COR) signs the form ."),
        ("![The mill](mill.png) was **old**.", "The mill was old ."),
        ("See https://example.org/a/b?c=d now.", "See https://example.org now."),
        ("See :doc:`the guide <guide/index>` first.", "See the guide first."),
        ("It is <b>not</b> <!-- never --> so.", "It is not so."),
    ],
)
def test_words_of_markup_are_not_read(text: str, read: str) -> None:
    assert " ".join(without_markup(text).split()) == read


@pytest.mark.parametrize(
    "text",
    ["3 < 4 > 2", "Rent [1] is due (in May).", "f(x)[2]", "http://example.org", "It rained; 5 > 3.", ""],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert without_markup(text) == text


@given(st.lists(BITS, max_size=40).map("".join))
def test_each_character_stays_in_its_place_or_is_a_space(text: str) -> None:
    found = without_markup(text)
    assert len(found) == len(text)
    assert all(new in (old, " ") for old, new in zip(text, found, strict=True))
