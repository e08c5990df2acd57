"""Footnotes and endnotes stand below what refers to them."""

from __future__ import annotations

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from test_docx import load, paragraph, run, saved, shown

from articleqa import Article, ArticleIndex


def ref(note: str, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{note}"/></w:r>'


def noted(xml: str, notes: dict[str, str], kind: str = "footnote") -> Article:
    """Return the article in a document of the body `xml` and those notes."""
    document = docx.Document()
    for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    inner = "".join(f'<w:{kind} w:id="{key}">{content}</w:{kind}>' for key, content in notes.items())
    part = Part(
        PackURI(f"/word/{kind}s.xml"),
        f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml",
        f"<w:{kind}s {nsdecls('w')}>{inner}</w:{kind}s>".encode(),
    )
    document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind}s".upper()))
    return load(saved(document))


def heading(text: str, after: str = "") -> str:
    return f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{run(text)}{after}</w:p>'


def item(after: str = "") -> str:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{numbered}</w:pPr>{run('An item.')}{after}</w:p>"


def test_note_stands_below_the_paragraph_that_refers_to_it() -> None:
    for kind in ("footnote", "endnote"):
        xml = f"<w:p>{run('It sank.')}{ref('2', kind)}</w:p>" + paragraph("It was raised.")
        article = noted(xml, {"2": paragraph("In 1987.") + paragraph("At night.")}, kind)
        assert shown(article) == ["| It sank.", "| In 1987.", "| At night.", "| It was raised."]


def test_note_is_found_beside_its_sentence_and_in_its_section() -> None:
    sentence = f"<w:p>{run('It sank.')}{ref('2')}</w:p>"
    xml = heading("The ferry") + sentence + heading("The pilots") + paragraph("They carry lamps.")
    index = ArticleIndex.from_articles([noted(xml, {"2": paragraph("The wreck lies at Varn.")})])
    [best] = index.ask("Where does the wreck lie?", top_k=1).sentences
    assert (best.text, best.citation.section) == ("The wreck lies at Varn.", ("The ferry",))
    [passage] = index.search("Where does the wreck lie?", top_k=1)
    assert "It sank." in passage.citation.quote


def test_note_does_not_break_a_list_nor_stand_above_the_text() -> None:
    xml = heading("The ferry", ref("2")) + paragraph("Bring:") + item(ref("3")) + item() + paragraph("End.")
    article = noted(xml, {"2": paragraph("Of 1901."), "3": paragraph("Or two.")})
    assert shown(article) == [
        "# The ferry",
        "| Bring:",
        "* An item.",
        "* An item.",
        "| Of 1901.",
        "| Or two.",
        "| End.",
    ]


def test_notes_that_refer_to_each_other_are_written_once() -> None:
    notes = {str(n): f"<w:p>{run(f'Note {n}.')}{ref(str((n + 1) % 3000))}</w:p>" for n in range(3000)}
    article = noted(f"<w:p>{run('It sank.')}{ref('0')}{ref('0')}{ref('99999')}</w:p>", notes)
    assert shown(article) == ["| It sank.", *(f"| Note {n}." for n in range(3000))]
