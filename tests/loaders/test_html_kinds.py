"""Web pages as sites have them: what can answer, what is a heading, and what is left out."""

from __future__ import annotations

import json

import pytest

from articleqa.loaders.html import load_html
from articleqa.models import Article, BlockKind
from articleqa.passages import passages_of

FIRST = "The keeper of the lock at Melvik opens it at dawn, and he closes it again when the last barge has passed."
SECOND = "Its gates were made of oak from the upper valley, and they have been mended eleven times since the flood."
THIRD = "Nobody remembers who dug the basin, but the guild has paid for its upkeep ever since the second war ended."
PROSE = "".join(f"<p>{each}</p>" for each in (FIRST, SECOND, THIRD))


def loaded(body: str, head: str = "<title>The lock of Melvik</title>") -> Article:
    page = f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    return load_html(page.encode(), "page.html", "saved/page.html")


def answering(article: Article) -> list[str]:
    return [span.of(article.text) for passage in passages_of(article) for span in passage.sentence_spans]


def headings(article: Article) -> list[str]:
    return [b.span.of(article.text) for b in article.blocks or () if b.kind is BlockKind.HEADING]


def in_article(body: str) -> str:
    return f"<main><article><h1>The lock of Melvik</h1>{body}</article></main>"


@pytest.mark.parametrize(
    "section",
    [
        f"<section class='Report__Section Report__Section--Ads'><h2>How it works</h2><p>{SECOND}</p><p>{THIRD}</p></section>",
        f"<section id='TOC_TITLE_2' class='content_body'><h2>How it works</h2><p>{SECOND}</p></section>",
        f"<section class='container topic'><h2>How it works</h2><p>{SECOND}</p></section>",
        f"<h2 id='nav_works_1' class='subheading'>How it works</h2><p>{SECOND}</p>",
        f"<div class='section' id='how-it-works-sharing'><h2>How it works: sharing</h2><p>{SECOND}</p></div>",
        f"<h2 id='cookies'>How it works with cookies</h2><p>{SECOND}</p>",
    ],
)  # fmt: skip
def test_a_section_stays_whatever_its_name_resembles(section: str) -> None:
    article = loaded(in_article(f"<p>{FIRST}</p>{section}<p>{THIRD}</p>"))
    assert SECOND in answering(article)
    assert headings(article)[1].startswith("How it works")


@pytest.mark.parametrize(
    "names", ["content--ad-free", "no-sidebar with-comments", "has-related-posts", "hide-social"]
)
def test_a_name_that_says_what_is_beside_it_removes_nothing(names: str) -> None:
    said = answering(
        loaded(in_article(f"<p>{FIRST}</p><p>{THIRD}</p><div class='{names}'><p>{SECOND}</p></div>"))
    )
    assert {FIRST, SECOND, THIRD} <= set(said)


def test_sections_of_sphinx_keep_their_headings() -> None:
    sections = "".join(
        f"<section id='{name}'><h2><a class='toc-backref' href='#id{name}'>{name.title()} of it</a>"
        f"<a class='headerlink' href='#{name}' title='Link'>¶</a></h2><p>{said}</p></section>"
        for name, said in (("related", SECOND), ("footer", THIRD))
    )
    top = f"<h1>The lock of Melvik<a class='headerlink' href='#top'>¶</a></h1><p>{FIRST}</p>"
    article = loaded(f"<div class='body' role='main'>{top}{sections}</div>")
    assert headings(article) == ["The lock of Melvik", "Related of it", "Footer of it"]
    assert (article.title, answering(article)) == ("The lock of Melvik", [FIRST, SECOND, THIRD])


@pytest.mark.parametrize("name", ["subtitle", "article__standfirst", "dek", "subhead_1"])
def test_a_standfirst_set_as_heading_can_answer(name: str) -> None:
    lead = f"<h2 class='{name}'>Two gates of oak held back the flood</h2>"
    assert "Two gates of oak held back the flood" in answering(loaded(in_article(lead + PROSE)))
    later = loaded(in_article(f"<p>{FIRST}</p>{lead}<p>{SECOND}</p>"))
    assert "Two gates of oak held back the flood" in headings(later)


@pytest.mark.parametrize(
    "label",
    [
        "Please wait while the player loads...",
        "Story continues below advertisement",
        "Was this page helpful?",
    ],
)
def test_labels_between_paragraphs_cannot_answer(label: str) -> None:
    assert answering(loaded(in_article(f"<p>{FIRST}</p><p>{label}</p><p>{SECOND}</p>"))) == [FIRST, SECOND]


def test_an_article_in_a_template_beside_menus_is_read() -> None:
    page = f"<nav><a href='/'>Home</a></nav><div id='app'></div><template>{in_article(PROSE)}</template><footer>© 2020</footer>"
    assert answering(loaded(page)) == [FIRST, SECOND, THIRD]


def test_remarks_of_editors_are_left_out_of_sentences() -> None:
    said = answering(
        loaded(in_article(f"<p>{FIRST}<sup>[citation needed]</sup> {SECOND[:-1]}<sup>[a]</sup>.</p>"))
    )
    assert said == [FIRST, SECOND]


def test_a_live_tickers_comments_are_the_article() -> None:
    ticks = "".join(f"<div class='live-match-comment'><div>{each}</div></div>" for each in (SECOND, THIRD))
    said = answering(loaded(in_article(f"<p>{FIRST}</p><div class='live-match-comments'>{ticks}</div>")))
    assert {FIRST, SECOND, THIRD} <= set(said)


def test_readers_comments_cannot_answer() -> None:
    comments = f"<div class='comment-list'><div class='comment'><p>{THIRD}</p></div></div>"
    assert THIRD not in answering(loaded(in_article(f"<p>{FIRST}</p><p>{SECOND}</p>{comments}")))


@pytest.mark.parametrize(
    ("figure", "caption"),
    [
        ("<div><img src='a.jpg'>Mist over the lock. © Tilde Marn / Bildhof</div>", "Mist over the lock."),
        ("<figure><img><figcaption>The gate is mended. (Photo: T. Marn)</figcaption></figure>", "The gate is mended."),
        ("<figure><img><figcaption>The old gate (Foto: Bildhof/Marn)</figcaption></figure>", "The old gate"),
        ("<figure><img><figcaption>The gate at dusk. Credit: River Agency</figcaption></figure>", "The gate at dusk."),
        ("<figure><img><div class='wp-caption-text'>Photo: Bildhof/Marn</div></figure>", ""),
        ("<p>Photo: Bildhof/Marn</p>", ""),
    ],
)  # fmt: skip
def test_a_caption_stays_and_its_credit_goes(figure: str, caption: str) -> None:
    said = answering(loaded(in_article(f"<p>{FIRST}</p>{figure}<p>{SECOND}</p><p>{THIRD}</p>")))
    assert said == [each for each in (FIRST, caption, SECOND, THIRD) if each]


def test_links_of_a_page_about_itself_are_in_no_sentence() -> None:
    links = "<p><a href='/edit'>Improve this page</a> <a href='/gh'>Edit on GitHub</a></p>"
    languages = "<p>Languages: <a href='/de'>de</a> <a href='/el'>el</a> <a href='/en'>en</a></p>"
    terms = "<dl><dt>Gate <a href='#gate'>[Permalink]</a></dt><dd>A gate holds the water back.</dd></dl>"
    more = "<p><a href='/more'>Read more</a></p>"
    said = answering(
        loaded(f"<main>{links}{languages}<h1>The lock of Melvik</h1>{terms}{PROSE}{more}</main>")
    )
    assert said == ["Gate", "A gate holds the water back.", FIRST, SECOND, THIRD]


@pytest.mark.parametrize("link", ["<a class='headerlink' href='#gates'>¶</a>", "<a href='#gates'>#</a>"])
def test_a_headings_permalink_is_not_part_of_it(link: str) -> None:
    assert headings(loaded(in_article(f"<h2 id='gates'>Gates{link}</h2>{PROSE}")))[-1] == "Gates"


def test_a_gallerys_caption_can_answer_once() -> None:
    full = "Captain Oda Brenn ties up the last ferry at Quill Point. She has sailed for thirty years and four months."
    gallery = (
        f"<div class='caption'><div>{full} <a href='#'>less</a></div>"
        "<div>Captain Oda Brenn ties up the last ferry at Quill Point. She has sailed ... <a href='#'>more</a></div></div>"
        "<div><p class='open'>Caption</p><p class='close'>Close</p></div><div><div>The lock of Melvik</div>"
        f"<div>Back to Gallery</div><div>{full} <a href='#'>less</a></div></div>"
    )
    said = answering(loaded(in_article(f"<div class='asset_gallery'>{gallery}</div>{PROSE}")))
    assert " ".join(said) == " ".join([full, FIRST, SECOND, THIRD])


@pytest.mark.parametrize(
    "hidden", ["style='display:none;'", "hidden", "class='sr-only'", "aria-hidden='true'"]
)
def test_hidden_text_is_not_read(hidden: str) -> None:
    data = f"<div {hidden}><div itemprop='articleBody'>{FIRST} Related: 10 locks</div><div>MillGazetteDe</div></div>"
    assert answering(loaded(f"<div class='content'>{data}<h1>The lock of Melvik</h1>{PROSE}</div>")) == [
        FIRST, SECOND, THIRD
    ]  # fmt: skip


def test_a_whole_page_that_a_script_shows_is_read() -> None:
    assert answering(loaded(f"<div id='app' style='visibility:hidden'>{PROSE}</div>")) == [
        FIRST,
        SECOND,
        THIRD,
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"<noscript><div id='nojs'></noscript><div><h1>The lock of Melvik</h1>{PROSE}</div>",
        f"<main><h1>The lock of Melvik</h1><h2 class='excerpt'><div>{PROSE}</div></h2></main>",
        f"<template>{PROSE}</template>",
        f"<div><template shadowrootmode='open'><h1>The lock of Melvik</h1>{PROSE}</template></div>",
        f"<div itemprop='articleBody'><script type='text/template'>{PROSE}</script></div>",
        f"<div><h1>The lock</h1><article>{PROSE.replace('<p>', '<h4>').replace('</p>', '</h4>')}</article></div>",
    ],
    ids=["noscript", "unclosed heading", "template", "shadow root", "script template", "h4"],
)
def test_an_article_is_read_from_unusual_markup(body: str) -> None:
    assert answering(loaded(body)) == [FIRST, SECOND, THIRD]


def test_an_article_in_structured_data_alone_is_read() -> None:
    data = json.dumps({"@graph": [{"@type": "Article", "articleBody": f"{FIRST}\n{SECOND} <b>{THIRD}</b>"}]})
    body = "<div id='app'></div><p>Download a newer browser free of charge for a better experience.</p>"
    article = loaded(body, f"<script type='application/ld+json'>{data}</script>")
    assert answering(article) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("data", ["{", "[" * 100_000, '{"articleBody": 3}', '{"articleBody": ""}'])
def test_damaged_structured_data_is_ignored(data: str) -> None:
    assert answering(loaded(PROSE, f"<script type='application/ld+json'>{data}</script>")) == [
        FIRST,
        SECOND,
        THIRD,
    ]


def test_items_of_a_link_and_a_date_can_answer() -> None:
    items = "<ul><li><a href='/k'>Knots for beginners</a>, 4 to 8 November</li><li><a href='/s'>Splicing</a>, 2 December</li></ul>"
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/c'>Courses</a></li></ul></nav>"
    said = answering(loaded(f"{menu}<main><h1>Courses</h1><p>{FIRST}</p>{items}<p>{SECOND}</p></main>"))
    assert said == [FIRST, "Knots for beginners, 4 to 8 November", "Splicing, 2 December", SECOND]


def test_teasers_of_other_articles_cannot_answer() -> None:
    teasers = "".join(
        f"<li><h4>{name}</h4> The {name} was opened by the queen on Friday and rowed along by children of the...</li>"
        for name in ("canal", "quay", "dock")
    )
    box = f"<div class='news'><div>Breaking News</div><ul>{teasers}</ul></div>"
    said = answering(loaded(f"<div class='content'>{box}<div><h1>The lock of Melvik</h1>{PROSE}</div></div>"))
    assert said == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("markup", ["<h2>Notes</h2><ol class='references'>", "<h2>References</h2><ol>"])
def test_titles_of_cited_works_cannot_answer(markup: str) -> None:
    works = '<li>Volk, J. (2004). "What is the lock of Melvik worth?" Ollvik University Press.</li>'
    assert answering(loaded(in_article(f"{PROSE}{markup}{works}</ol>"))) == [FIRST, SECOND, THIRD]


def test_a_standfirst_set_as_a_heading_can_answer() -> None:
    standfirst = (
        "The mother of the keeper has told how her son lay cold as a well for three days after the flood."
    )
    said = answering(loaded(in_article(f"<div><h2>{standfirst}</h2></div><div>{PROSE}</div>")))
    assert said == [standfirst, FIRST, SECOND, THIRD]


def test_a_message_that_the_article_quotes_can_answer() -> None:
    message = "We paid two hundred crowns for the motto, because at last somebody is talking about Harl."
    embed = f"<div class='social-media-embed'><blockquote class='twitter-tweet'><p>{message}</p>— Imre</blockquote></div>"
    assert message in answering(loaded(in_article(f"<p>{FIRST}</p>{embed}<p>{SECOND}</p><p>{THIRD}</p>")))


@pytest.mark.parametrize(
    "formula",
    [
        "<span style='display: none;'><math><mi>a</mi><mo>=</mo><mi>b</mi></math></span><img src='a.svg'>",
        "<mjx-container class='MathJax CtxtMenu_Attached_0'><mjx-assistive-mml><math><mi>a</mi><mo>=</mo>"
        "<mi>b</mi></math></mjx-assistive-mml></mjx-container>",
    ],
    ids=["behind a picture", "drawn by MathJax"],
)
def test_a_formula_is_read_however_it_is_drawn(formula: str) -> None:
    line = f"<p>The gates hold as long as {formula} on both sides of the lock.</p>"
    said = answering(loaded(in_article(f"<p>{FIRST}</p>{line}<p>{SECOND}</p><p>{THIRD}</p>")))
    assert "The gates hold as long as a=b on both sides of the lock." in said


@pytest.mark.parametrize("opening", ["", "<![CDATA["])
def test_data_in_a_template_is_not_read(opening: str) -> None:
    data = json.dumps({"text": " ".join([FIRST, SECOND, THIRD]).replace("lock", "sluice")})
    script = f"<script type='text/template'>{opening}{data}</script>"
    assert answering(loaded(in_article(f"{PROSE}{script}"))) == [FIRST, SECOND, THIRD]


def test_a_japanese_paragraph_is_no_label() -> None:
    parts = [
        "この水門は朝早くに開かれ、最後の船が通ると閉じられる。",
        "門の木は上流の谷から運ばれ、洪水の後に十一回も直された。",
    ]
    prose = "".join(f"<div><p>{each}</p></div>" for each in parts * 3)
    share = "<p class='share'>この記事を友だちに送る。この記事を友だちに送る。</p>"
    said = answering(loaded(f"<main><h1>水門</h1>{prose}{share}</main>", "<title>水門</title>"))
    assert said == parts * 3


def test_equal_paragraphs_beside_each_other_are_a_refrain() -> None:
    assert answering(loaded(f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{FIRST}</p></div>")) == [
        FIRST,
        SECOND,
        FIRST,
    ]


def test_a_paragraph_that_two_sections_share_can_answer_twice() -> None:
    sections = (
        f"<div><p>{FIRST}</p><p>{SECOND}</p></div><h2>Later</h2><div><p>{THIRD}</p><p>{SECOND}</p></div>"
    )
    assert answering(loaded(in_article(sections))) == [FIRST, SECOND, THIRD, SECOND]


@pytest.mark.parametrize(
    "pointer",
    [
        "<p>Read more: <a href='/a'>The harbour of Aldmouth is dredged</a></p>",
        "<p><strong>LEA TAMBIÉN</strong> <a href='/a'>¿Quién draga el puerto de Aldmouth?</a></p>",
        "<p><a href='/a'>Harbour of Aldmouth to be dredged</a></p>",
        "<p>Lesen Sie auch:</p>",
        "<p>Follow us on Telegram, Instagram and <a href='/f'>Facebook</a></p>",
        "<p>Never miss a flood by signing up to our daily newsletter today!</p>",
        "<p>Werbung</p>",
    ],
)
def test_a_paragraph_that_only_leads_elsewhere_cannot_answer(pointer: str) -> None:
    said = answering(loaded(in_article(f"<p>{FIRST}</p><p>{SECOND}</p>{pointer}<p>{THIRD}</p>")))
    assert said == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p>The <a href='/dredging'>harbour of Aldmouth was dredged in March</a>.</p>",
        "<p>Read also what the guild wrote about its newsletter: nobody subscribed to it before the war.</p>",
        "<p>The guild asks boatmen to sign up for its newsletter on Telegram.</p>",
    ],
)
def test_a_sentence_with_a_link_or_about_a_newsletter_can_answer(paragraph: str) -> None:
    said = answering(loaded(in_article(f"<p>{FIRST}</p><p>{SECOND}</p>{paragraph}<p>{THIRD}</p>")))
    assert len(said) == 4


def test_a_section_of_other_articles_cannot_answer() -> None:
    teaser = "<div class='teaser'><h3>Barges wait at Aldmouth</h3><ul><li>12 May</li></ul><p>Dredging goes on.</p></div>"
    others = f"<div class='teasers'><h2>From the valley</h2>{teaser}</div>"
    article = loaded(
        in_article(f"<h2>The gates</h2><p>{FIRST}</p>{others}<h2>The basin</h2><p>{SECOND}</p><p>{THIRD}</p>")
    )
    assert answering(article) == [FIRST, SECOND, THIRD]
    assert headings(article) == ["The lock of Melvik", "The gates", "The basin"]


def test_a_section_in_an_element_like_the_others_is_the_articles() -> None:
    names = ("gates", "sharing-with-the-guild", "upkeep")
    sections = "".join(
        f"<section id='{name}'><h2>{name.replace('-', ' ').title()}</h2><p>{said}</p></section>"
        for name, said in zip(names, (FIRST, SECOND, THIRD), strict=True)
    )
    assert answering(loaded(in_article(sections))) == [FIRST, SECOND, THIRD]


def test_a_year_in_the_text_is_no_date_of_publication() -> None:
    told = "<h1>The lamps of Melvik</h1><p>The keeper Otto Falk was born in 1931 and died in 1999 in the town.</p>"
    assert "date" not in loaded(told).metadata
    stated = '<title>Lamps</title><meta property="article:published_time" content="2021-01-01T08:00:00Z">'
    assert loaded(told, stated).metadata["date"] == "2021-01-01"
