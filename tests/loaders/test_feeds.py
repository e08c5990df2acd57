"""Feeds saved as files: each entry of RSS, Atom or JSON Feed is an article."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from articleqa import Article, ArticleIndex, SourceCheck, load_articles
from articleqa.loaders.feeds import feed_members, json_feed_members
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError

PILOT = "The harbour board of Melvik met in March and chose a new pilot."
FEE = "The fee for a night at the quay rose from four to six crowns."


JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "Melvik news"}


def named(data: bytes) -> NamedData:
    return NamedData(data, "news.xml", "news.xml", "/feeds/news.xml")


def entries(data: bytes) -> list[Article]:
    return list(feed_members(named(data), Fields()))


def items(*items: Any, **feed: Any) -> list[Article]:
    data = JSON_FEED | feed | {"items": items}
    return list(json_feed_members(named(json.dumps(data).encode()), Fields()))


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Melvik news</title><language>en</language>
<item><title>New pilot &amp; crew</title><link>https://melvik.example/pilot</link><guid>p-1</guid>
<pubDate>Sat, 02 Mar 2024 10:00:00 +0100</pubDate><dc:creator>Odra Vell</dc:creator>
<description>Short.</description>
<content:encoded><![CDATA[<p>{PILOT}</p>
<p>He is called Marun.</p>]]></content:encoded>
</item><item><title>Fees</title><description>{FEE}</description></item></channel></rss>""".encode()

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><author><name>Clerk</name></author>
<entry><title>New pilot</title><id>urn:1</id><updated>2024-03-02T10:00:00Z</updated>
<link href="https://melvik.example/pilot"/><content type="html">&lt;p&gt;{PILOT}&lt;/p&gt;</content></entry>
</feed>""".encode()


def test_entries_of_rss_are_articles() -> None:
    pilot, fee = entries(RSS)
    assert (pilot.id, pilot.title, pilot.text) == (
        "news.xml#p-1",
        "New pilot & crew",
        f"{PILOT}\n\nHe is called Marun.",
    )
    wanted = {
        "author": "Odra Vell",
        "date": "2024-03-02T09:00:00+00:00",
        "url": "https://melvik.example/pilot",
        "site": "Melvik news",
        "language": "en",
    }
    assert wanted.items() <= dict(pilot.metadata).items()
    assert (fee.id, fee.title, fee.text) == ("news.xml#2", "Fees", FEE)


def test_entries_of_atom_are_articles() -> None:
    (pilot,) = entries(ATOM)
    assert (pilot.title, pilot.text, pilot.metadata["author"]) == ("New pilot", PILOT, "Clerk")
    assert pilot.metadata["date"] == "2024-03-02T10:00:00+00:00"


def test_items_of_json_feeds_are_articles() -> None:
    pilot, fee = items(
        {"id": "1", "title": "New pilot", "date_published": "2024-03-02", "content_text": PILOT},
        {
            "id": 2,
            "url": "https://melvik.example/fees",
            "content_html": f"<p>{FEE}</p>",
            "author": {"name": "B"},
        },
        authors=[{"name": "Odra Vell"}, {"name": "Pell Marun"}],
    )
    assert (pilot.id, pilot.title, pilot.text) == ("news.xml#1", "New pilot", PILOT)
    assert (pilot.metadata["author"], pilot.metadata["date"]) == ("Odra Vell; Pell Marun", "2024-03-02")
    assert (fee.id, fee.text, fee.metadata["author"]) == ("news.xml#2", FEE, "B")


def test_entries_with_the_same_id_stay_apart() -> None:
    found = items(*({"id": "a", "content_text": text} for text in (PILOT, FEE, "It rained.")))
    assert [article.id for article in found] == ["news.xml#a", "news.xml#2", "news.xml#3"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("feed.json", json.dumps(JSON_FEED | {"items": [{"content_text": PILOT}]}).encode()),
        ("feed.xml", RSS),
        ("feed.atom", ATOM),
    ],
)  # fmt: skip
def test_feeds_in_a_folder_are_recognised_and_cited(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    index = ArticleIndex.from_articles(load_articles(tmp_path))
    citation = (
        index.ask("Whom did the harbour board choose?", top_k=1, min_confidence=0).sentences[0].citation
    )
    assert citation.quote == PILOT
    assert citation.verify(index.articles[citation.article_id])
    assert citation.verify_source() is SourceCheck.YES


def test_a_text_about_feeds_stays_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(ATOM)
    assert [article.media_type for article in load_articles(tmp_path)] == ["text/plain"]


@pytest.mark.parametrize(
    "data",
    [b"", b"It rained.", b"<a/>", b"<html><body>no feed</body></html>", b"\0\1\2" * 100,
     b'<!DOCTYPE rss [<!ENTITY a "lol">]><rss version="2.0"><channel><title>&a;</title></channel></rss>'],
)  # fmt: skip
def test_what_is_no_feed_or_declares_entities_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDataError):
        entries(data)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"items": 1}', b"[" * 100_000, b"\0\1\2" * 900])
def test_what_is_no_json_feed_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDataError, match="not a JSON Feed"):
        list(json_feed_members(named(data), Fields()))


def test_odd_values_in_a_json_feed_are_left_out() -> None:
    odd = {
        "id": [1],
        "title": {"a": 1},
        "url": 3,
        "content_text": PILOT,
        "authors": [1, {"name": 2}],
        "date_published": [],
    }
    (article,) = items(odd, 7, None)
    assert (article.text, article.title) == (PILOT, PILOT)
    assert "date" not in article.metadata


def test_a_feed_of_many_entries_takes_seconds() -> None:
    start = time.process_time()
    assert len(items(*({"content_text": f"Ship {number} came in."} for number in range(5_000)))) == 5_000
    assert time.process_time() - start < 20


def rss(entry: str, link: str = "https://melvik.example/news/") -> list[Article]:
    channel = f"<title>News</title><link>{link}</link><item>{entry}</item>"
    return entries(f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode())


def test_addresses_of_entries_are_completed_from_that_of_the_site() -> None:
    (article,) = rss(f"<title>Pilot</title><link>/pilot</link><description>{PILOT}</description>")
    assert article.metadata["url"] == "https://melvik.example/pilot"
    (item,) = items({"url": "pilot", "content_text": PILOT}, home_page_url="https://melvik.example/")
    assert item.metadata["url"] == "https://melvik.example/pilot"
    (odd,) = rss(f"<link>http://[a</link><description>{PILOT}</description>")
    assert odd.text == PILOT


def test_ampersands_that_nobody_escaped_stay_ampersands() -> None:
    (article,) = rss(
        "<title>Bed & board</title><description>AT&T is &#8220;here&#8221; &amp; there.</description>"
    )
    assert (article.title, article.text) == ("Bed & board", "AT&T is “here” & there.")
    (marked,) = rss("<description><![CDATA[<p>Bed &amp; board</p>]]></description>")
    assert marked.text == "Bed & board"


def test_an_entry_of_only_a_title_says_that() -> None:
    (article,) = rss(f"<title>{PILOT}</title>")
    assert (article.title, article.text) == (PILOT, PILOT)
    (picture,) = rss(f"<title>{PILOT}</title><description>&lt;img src='a.png'&gt;</description>")
    assert picture.text == PILOT


def test_html_of_an_entry_loses_nothing_but_the_trailer_of_the_program() -> None:
    content = (
        f"<p>See below.</p><p>{PILOT}</p><ul><li>{FEE}</li></ul>"
        '<p>The post <a href="a">Pilot</a> appeared first on <a href="b">News</a>.</p>'
    )
    (article,) = rss(f"<description><![CDATA[{content}]]></description>")
    shown = [block.span.of(article.text) for block in article.blocks or () if block.kind != "boilerplate"]
    assert shown == ["See below.", PILOT, FEE]
