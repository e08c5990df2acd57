"""The title of a Word document: by its style, its properties, or its look."""

from __future__ import annotations

import docx
import pytest
from test_docx import load, saved

from articleqa import Article
from articleqa.loaders.office.docx import load_docx


def titled(*blocks: tuple[str, str | int]) -> Article:
    """Return the article in a document of paragraphs, each with a style, a heading's level or a type size."""
    document = docx.Document()
    for text, look in blocks:
        if isinstance(look, str):
            document.add_paragraph(text, style=look)
        elif look < 10:
            document.add_heading(text, look)
        else:
            document.add_paragraph().add_run(text).font.size = docx.shared.Pt(look)
    document.core_properties.title = ""
    return load_docx(saved(document), "a", "/notes/ferry plan.docx")


PLAIN = ("The ferry sails at nine. It is blue.", "Normal")


@pytest.mark.parametrize(
    ("blocks", "title"),
    [
        ([("Ferry", "Title"), ("and its pilots", "Title"), PLAIN], "Ferry and its pilots"),
        ([("Risk plan", 24), ("Overview", 1), PLAIN, PLAIN], "Risk plan"),
        ([("[Logo]", 28), ("Risk plan", 24), ("of the ferry", 24), PLAIN, PLAIN], "Risk plan of the ferry"),
        ([("5 May", "Normal"), ("The ferry", 1), PLAIN], "The ferry"),
        ([PLAIN, PLAIN, ("References", 1), ("Ekre (1998).", "Normal")], PLAIN[0]),
        ([PLAIN, PLAIN, ("The second part", 1), PLAIN], PLAIN[0]),
        ([("Purpose", 1), PLAIN, ("Pilots", 1), PLAIN], "ferry plan"),
        ([("Purpose", 2), ("The ferry", 1), PLAIN], "The ferry"),
        ([], "ferry plan"),
    ],
)
def test_title_is_what_looks_like_one(blocks: list[tuple[str, str | int]], title: str) -> None:
    assert titled(*blocks).title == title


@pytest.mark.parametrize("stated", ["Microsoft Word - plan.docx", "Untitled", "Document1", "[Title]", " "])
def test_title_that_a_program_made_up_is_passed_over(stated: str) -> None:
    document = docx.Document()
    document.add_heading("The ferry", 1)
    document.core_properties.title = stated
    assert load(saved(document)).title == "The ferry"
