"""Fields and titles of plain text."""

from __future__ import annotations

import pytest

from articleqa.filters import Filter, Traits
from articleqa.loaders.text.plain import load_plain_text
from articleqa.models import Article, BlockKind
from articleqa.text.blocks import blocks_of

BODY = "The cranes stand still, and nobody knows when they will be mended.\n"
MAIL = f"From: Bea Lund <bea@mill.example>\nTo: all\nSubject: Auction\nDate: Mon, 4 May 2015\n\n{BODY}"
FRONT_PAGE = f"""
Harbour Working Group                                          B. Lund
Request for Comments: 77                                       A. Orr
Category: Informational                                     June 1999


                         The Loading of Timber

Abstract

   {BODY}"""


def loaded(text: str) -> Article:
    return load_plain_text(text.encode(), "notes/file.txt", "")


def test_the_headers_of_a_mail_become_metadata() -> None:
    article = loaded(MAIL)
    assert article.title == "Auction"
    assert article.metadata["author"] == "Bea Lund"
    assert article.metadata["to"] == "all"
    wanted = Filter.of({"author": "Bea Lund"}, "2015-05-04", "2015-05-04")
    assert wanted is not None
    assert wanted.allows(Traits.of(article))


def test_a_front_page_of_two_columns_becomes_metadata() -> None:
    article = loaded(FRONT_PAGE)
    assert article.title == "The Loading of Timber"
    assert article.metadata["author"] == ["B. Lund", "A. Orr"]
    assert article.metadata["date"] == "June 1999"
    assert article.metadata["category"] == "Informational"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Title: Cranes\nAuthor: Bo\n\nAbstract\n\n{BODY}", "Cranes"),
        (f"Cranes\nAuthor: Bo\n\n{BODY}", "Cranes"),
        (f"Cranes\n======\n\nAuthor: Bo\nDate: 2020\n\n{BODY}", "Cranes"),
        (f"Author: Bo\nDate: 2020\n\nCranes\n\n{BODY}", "Cranes"),
        (f"Abstract\n\n{BODY}", BODY.strip()),
        (
            f"Contents\n\n1. Cranes .... 3\n2. Sheds .... 4\n\nCranes of the North\n\n{BODY}",
            "Cranes of the North",
        ),
        (f"[Search] [PDF] [Errata]\n\nCranes\n\n{BODY}", "Cranes"),
        (f"*** Cranes ***\n\n{BODY}", "Cranes"),
    ],
)
def test_the_title_is_the_documents_own(text: str, title: str) -> None:
    assert loaded(text).title == title


def test_fields_are_rows_with_the_lines_on_which_they_go_on() -> None:
    text = f"Author: Bo Orr,\n    Ann Hale\nDate: 2020-05-17\n\n{BODY}"
    rows = [" ".join(b.span.of(text).split()) for b in blocks_of(text) if b.kind is BlockKind.ROW]
    assert rows == ["Author: Bo Orr, Ann Hale", "Date: 2020-05-17"]
    assert loaded(text).metadata["author"] == "Bo Orr, Ann Hale"


def test_a_field_cannot_say_how_the_file_was_read() -> None:
    assert loaded(f"Author: Bo\nEncoding: morse\n\n{BODY}").metadata == {"author": "Bo", "encoding": "utf-8"}


@pytest.mark.parametrize(
    "text",
    [
        "Note: the shop is shut.\n\nCome back.",
        "Q: Who?\nA: Bo.",
        "Bo: I went there.\nAnn: So did I.\nBo: Ah.",
    ],
)
def test_what_people_say_is_no_field(text: str) -> None:
    assert loaded(text).metadata == {"encoding": "utf-8"}
