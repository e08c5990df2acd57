"""Lines of web pages and e-books: verse, addresses and `pre` keep them, sentences go on over them."""

from __future__ import annotations

import time
from textwrap import fill

import pytest
from test_epub import book, chapter
from test_epub import loaded as book_of

from articleqa import Article, ArticleIndex
from articleqa.loaders.html import load_html
from articleqa.loaders.line_ends import with_line_ends
from articleqa.models import BlockKind
from articleqa.passages import passages_of

RAIN = "It rained in Melvik for three days, and nobody went out to the harbour in that week."
VERSE = ["Tyger Tyger, burning bright,", "In the forests of the night;", "What immortal hand or eye"]
CODE = "def fee(nights):\n    if nights > 3:\n        return 6\n    return 4"
FEE = (
    "The board of the harbour met on the third of March and\n"
    "raised the fee for a night at the quay, which had been\n"
    "four crowns since the great flood, to six crowns."
)
OPEN = "The\ngate is open until nine."
FOLDED = f"{FEE} {OPEN}"


def page(body: str) -> Article:
    data = f"<html><body><article><h1>Melvik</h1><p>{RAIN}</p>{body}<p>{RAIN} Again.</p></article>".encode()
    return load_html(data, "page", "page")


def sentences(article: Article) -> list[str]:
    """Return the sentences that can answer, without those of every page here."""
    spans = sorted({span for passage in passages_of(article) for span in passage.sentence_spans})
    return [said for span in spans if not RAIN.startswith(said := span.of(article.text)) and said != "Again."]


def kinds(article: Article) -> set[BlockKind]:
    return {block.kind for block in article.blocks or ()}


@pytest.mark.parametrize("made", [page, lambda body: book_of(book({"a": chapter(body)}))])
def test_lines_of_verse_stay_apart_in_pages_and_books(made: object) -> None:
    article = made(f"<p>{'<br/>'.join(VERSE)}</p>")  # type: ignore[operator]
    assert sentences(article) == VERSE
    assert "\n".join(VERSE) in article.text


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<p>It was rebuilt<br>after the fire.</p>", ["It was rebuilt after the fire."]),
        ("<p>Hours:<br>Monday 9 to 5<br>Sunday closed</p>", ["Hours:", "Monday 9 to 5", "Sunday closed"]),
        ("<address>Mill House<br>3 Quay<br>Harwick</address>", ["Mill House", "3 Quay", "Harwick"]),
        ("<ul><li>Mill House<br>3 Quay</li></ul>", ["Mill House", "3 Quay"]),
        ("<p>1. Finland<br>2. Norway</p>", ["1. Finland", "2. Norway"]),
        (f"<p>{FOLDED.replace(chr(10), '<br>')}</p>", [FEE.replace("\n", " "), OPEN.replace("\n", " ")]),
        ("<h2>The mill<br>of Harwick</h2><p>It closed.<br></p>", ["It closed."]),
        ("<table><tr><td>Mill<br>House</td><td>3</td></tr></table>", ["Mill House | 3"]),
    ],
)  # fmt: skip
def test_sentence_goes_on_over_a_line_end_and_other_lines_do_not(markup: str, wanted: list[str]) -> None:
    assert sentences(page(markup)) == wanted


def test_quote_over_a_line_end_is_exact() -> None:
    article = page("<p>Tolls<br>The toll at the gate of Kolm<br>rose to nine crowns in 1931.</p>")
    answer = ArticleIndex.from_articles([article]).ask("To what did the toll at Kolm rise?", min_confidence=0)
    citation = answer.sentences[0].citation
    assert citation.quote == "The toll at the gate of Kolm rose to nine crowns in 1931."
    assert citation.verify(article)


def test_lines_of_preformatted_text_stay() -> None:
    article = page(f"<pre>{VERSE[0]}\n    {VERSE[1]}\n\n{VERSE[2]}</pre>")
    assert f"{VERSE[0]}\n    {VERSE[1]}\n\n{VERSE[2]}" in article.text
    assert sentences(article) == VERSE


def test_folded_lines_of_preformatted_text_are_one_paragraph() -> None:
    assert sentences(page(f"<pre>{FOLDED}</pre>")) == [FEE, OPEN]


@pytest.mark.parametrize("width", [14, 20, 28, 36, 42, 72])
def test_sentence_in_preformatted_text_goes_on_whatever_the_width(width: int) -> None:
    said = [
        "Dear reader, the lamp of the quay was mended in 1954 by the smith Otto Falk, who took no money.",
        "It burned until 1960 and was then replaced by an electric one, which the town of Melvik bought.",
    ]
    found = sentences(page(f"<pre>{fill(' '.join(said), width)}</pre>"))
    assert [" ".join(each.split()) for each in found] == said


@pytest.mark.parametrize(
    "lines",
    [
        ["Rain on the roof", "Rain on the road", "Rain on the back", "Of the old grey toad"],
        ["salt", "rope", "tar", "lamp oil"],
        ["Hanna Reck", "12 Quay Lane", "Melvik"],
    ],
)
def test_short_lines_of_preformatted_text_stay_apart(lines: list[str]) -> None:
    assert sentences(page("<pre>{}</pre>".format("\n".join(lines)))) == lines


@pytest.mark.parametrize(
    "markup",
    [
        f"<pre><code>{CODE}</code></pre>",
        f'<div class="highlight-python3 notranslate"><div class="highlight"><pre>{CODE}</pre></div></div>',
        f'<pre class="wp-block-code">{CODE}</pre>',
        f"<pre>{CODE}</pre>",
        f"<pre><code>{CODE.replace(chr(10), '<br>')}</code></pre>",
        "<pre>{}</pre>".format("".join(f"<div>{line}</div>" for line in CODE.split("\n"))),
    ],
)
def test_code_keeps_its_lines_and_is_no_prose(markup: str) -> None:
    article = page(markup)
    assert [b.span.of(article.text) for b in article.blocks or () if b.kind is BlockKind.CODE] == [CODE]
    assert sentences(article) == [CODE]


def test_command_is_code_and_belongs_to_its_item() -> None:
    article = page("<p>Two steps:</p><ol><li>Install it:<pre>$ pip install x</pre></li></ol>")
    (code,) = (block for block in article.blocks or () if block.kind is BlockKind.CODE)
    assert (code.span.of(article.text), code.level) == ("$ pip install x", 2)


def test_unclosed_pre_around_a_page_is_read_as_its_blocks() -> None:
    article = page("<pre><h2>Fees</h2><p>The fee at the quay of Melvik is\n   six crowns.</p></pre>")
    assert sentences(article) == ["The fee at the quay of Melvik is six crowns."]
    assert BlockKind.HEADING in kinds(article)


def test_many_lines_take_time_linear_in_their_number() -> None:
    start = time.process_time()
    with_line_ends([f"Line number {n} of the song" for n in range(20_000)])
    assert time.process_time() - start < 5
