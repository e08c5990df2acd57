"""Lines that most articles repeat at their edges are boilerplate; a story in many copies is none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import pytest
from click.testing import CliRunner

from articleqa import Article, ArticleIndex, load_articles
from articleqa.cli import cli
from articleqa.loaders.repeated_lines import RepeatedLines, mark_repeated_lines
from articleqa.models import BlockKind
from articleqa.passages import passages_of

SLOGAN = "The Courier: news with a conscience, since 1904."
TOWNS = ("Arden", "Brome", "Corby", "Derby", "Elmet", "Frome")


def texts() -> dict[str, str]:
    """Return six articles with one slogan on top, and a fact that two of them repeat."""
    made = {}
    for number, town in enumerate(TOWNS):
        slogan = SLOGAN if number % 2 else SLOGAN.upper()
        lines = [slogan, f"The mill of {town} burnt down in {1800 + number}."]
        if number < 2:
            lines.append("The river froze that year.")
        made[f"{town}.txt"] = "\n\n".join(lines)
    return made


def said(article: Article) -> list[str]:
    return [span.of(article.text) for passage in passages_of(article) for span in passage.sentence_spans]


def test_a_line_of_many_articles_is_in_the_text_and_no_passage(
    tmp_path: Path,
) -> None:
    for name, text in texts().items():
        (tmp_path / name).write_text(text)
    articles = load_articles(tmp_path)
    assert [article.text for article in articles] == list(texts().values())
    assert said(articles[0]) == ["The mill of Arden burnt down in 1800.", "The river froze that year."]
    assert said(articles[2]) == ["The mill of Corby burnt down in 1802."]
    (alone,) = load_articles(tmp_path / "Corby.txt")
    assert said(alone)[0] == SLOGAN.upper()


def test_an_index_on_disk_leaves_out_what_loading_does(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for name, text in texts().items():
        (tmp_path / "news" / name).write_text(text)
    done = CliRunner().invoke(cli, ["index", "add", str(tmp_path / "kb"), str(tmp_path / "news")])
    assert done.exit_code == 0
    on_disk = list(ArticleIndex.open(tmp_path / "kb").articles.values())
    assert on_disk == load_articles(tmp_path / "news")


def test_of_few_articles_no_line_is_known_for_furniture() -> None:
    repeated = RepeatedLines()
    article = Article(id="a", text=f"{SLOGAN}\nIt rained.")
    for day in range(4):
        repeated.count(f"{SLOGAN}\nIt rained on day {day}.")
    assert repeated.mark_boilerplate_in(article) == article


STORY = (
    "The Pellan dam reached 94 per cent of its capacity on Tuesday, the water board said.\n"
    "Engineers opened two gates at dawn."
)
LONG_STORY = (
    "The Pellan dam {} 94 per cent of its capacity on Tuesday after three weeks of rain, the board said,"
    " and farmers below it were told to move their cattle to the hills before the night.\n\n"
    "Engineers opened two gates at dawn."
)
OWN = (
    "The council of {0} met on day {1} and raised the rate for water by {1} per cent.\nNobody from {0} came."
)


def marked(texts: Sequence[str], media_type: str = "text/plain") -> list[list[str]]:
    """Return for each text the lines that are boilerplate for what the others say."""
    articles = [Article(id=str(n), text=text, media_type=media_type) for n, text in enumerate(texts)]
    return [
        [block.span.of(article.text) for block in article.blocks or () if block.kind is BlockKind.BOILERPLATE]
        for article in mark_repeated_lines(articles)
    ]


def others(number: int) -> list[str]:
    return [OWN.format(f"{town}{n}", n) for n, town in zip(range(number), cycle(TOWNS), strict=False)]


@pytest.mark.parametrize("copies", [2, 3, 5, 12])
@pytest.mark.parametrize("beside", [0, 4, 9])
@pytest.mark.parametrize(
    "story",
    [
        "Wire report\n\n" + STORY,
        "Wire report\n\n" + STORY + "\nUpdate {number} adds a quote.",
        "Wire report {number}\n\n" + STORY + "\nUpdate {number} adds a quote.",
        "Wire report\n\n{town}, {number} May\n" + STORY,
        LONG_STORY.replace("{}", "{verb}"),
    ],
    ids=["exact", "last line", "title", "dateline", "word"],
)
def test_a_story_in_many_copies_is_text(story: str, copies: int, beside: int) -> None:
    verbs = cycle(("reached", "hit", "touched", "passed"))
    told = [
        story.format(number=n, town=TOWNS[n % len(TOWNS)], verb=verb)
        for n, verb in zip(range(copies), verbs, strict=False)
    ]
    assert marked([*told, *others(beside)]) == [[]] * (copies + beside)


def test_a_box_at_the_end_of_most_articles_is_left_out() -> None:
    box = "Get our newsletter\nShare with a friend on Courier Plus"
    texts = [f"{text}\n\n{box}" if n else text for n, text in enumerate(others(6))]
    assert marked(texts) == [[], *[box.splitlines()] * 5]


def test_a_list_of_links_at_the_edge_is_left_out_too() -> None:
    texts = [f"{text}\n\n- Courier Plus\n- Weather in the valley\n" for text in others(6)]
    assert marked(texts, "text/markdown") == [["Courier Plus", "Weather in the valley"]] * 6


def test_a_line_of_half_of_the_articles_is_their_own() -> None:
    texts = [f"Courier Plus, the magazine\n\n{text}" if n < 5 else text for n, text in enumerate(others(10))]
    assert marked(texts) == [[]] * 10


def test_a_line_in_the_middle_of_all_articles_is_their_own() -> None:
    texts = ["\n\n".join([*others(6), "Votes by ward", *others(6)[::-1], town]) for town in TOWNS]
    assert marked(texts) == [[]] * 6


@pytest.mark.parametrize(
    "line",
    [
        "The council meets on the first Monday of the month in the hall by the church.",
        "Editor: Ann Blim",
    ],
)
def test_a_sentence_or_field_of_all_articles_can_answer(line: str) -> None:
    texts = [f"{line}\n\n{text}" for text in others(8)]
    assert marked(texts) == [[]] * 8


def test_a_short_sentence_below_an_own_line_is_text() -> None:
    opened = "The meeting was opened at 7 pm."
    texts = [
        f"Present were {town} Quill and Ann Blim.\n{opened}\n{text}"
        for town, text in zip(TOWNS, others(6), strict=True)
    ]
    assert marked(texts) == [[]] * 6
