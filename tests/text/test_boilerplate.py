from __future__ import annotations

from pathlib import Path

import pytest

from articleqa import load_articles
from articleqa.passages import passages_of
from articleqa.text.boilerplate import LONGEST, is_boilerplate, is_menu

SEEDS = Path(__file__).parents[2] / "seeds"

FURNITURE = """\
Home
• >
Skip to main content
Leave a Reply
Your tax deductible gift can help stop human rights violations and save lives around the world.
Your tax-deductible donation will help us.
Region / Country
Share this article
Share on Facebook
Tweet
Subscribe to our newsletter
Sign up for our weekly newsletter
Get the daily newsletter in your inbox.
We use cookies to improve your experience.
This website uses cookies.
Accept all cookies
3 Comments
Comments (12)
Related articles
Read more
Read more about trade unions
* * *
Your email address will not be published. Required fields are marked *
© 2016 Human Rights Watch. All rights reserved.
Advertisement
Most read
Log in to comment
Share via Email
View all
Back to top
Copy link
Enter your email address
By continuing to use this site you agree to our use of cookies.
"""

CONTENT = """\
Home prices rose in May
Home is where the heart is.
Share prices fell on Monday
Share this with nobody, he said.
More in anger than in sorrow
More from a sense of duty than love
Read more books.
Sign in blood
Follow me on the road to ruin
Give now and then
Your contribution will be remembered by the union.
Your gift was small.
Moscow / Astana
AFP / Getty
Search for survivors goes on
No comment, said the minister.
Top news anchor resigns
View all sides of the matter
Terms of the deal were not disclosed.
© 2016 Shamil Zhumatov/Reuters
Contact was lost at noon.
About 400 workers struck
Print workers strike
Next year in Astana
Latest talks fail
Advertising fell by a third.
Topics of the day were discussed.
Comments by the minister angered many.
"""


@pytest.mark.parametrize("line", FURNITURE.splitlines())
def test_furniture_is_known(line: str) -> None:
    assert is_boilerplate(line)
    assert is_boilerplate(f"• {line}")


@pytest.mark.parametrize("line", CONTENT.splitlines())
def test_what_an_article_could_say_is_kept(line: str) -> None:
    assert not is_boilerplate(line)


def test_furniture_may_be_broken_to_fit_a_page() -> None:
    assert is_boilerplate("Your tax deductible gift can help stop human rights violations\nand save lives.")


def test_a_long_line_is_prose() -> None:
    assert not is_boilerplate("We use cookies " + "to improve your experience " * (LONGEST // 20))


@pytest.mark.parametrize(
    "lines",
    [
        ["• Home", "• >", "• The Labor Crackdown and Possible Unintended Consequences"],
        ["Home > News > Union closed"],
        ["Home | News | Sport"],
        ["Home", "News", "Sport"],
        ["Search", "World", "Log in"],
    ],
)
def test_menus_and_trails_are_known(lines: list[str]) -> None:
    assert is_menu(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["Home prices rose in May", "Home sales fell in June"],
        ["> I think so too", "> and so does she"],
        ["Growth > inflation"],
        ["Human Rights Watch", "350 Fifth Avenue", "New York"],
        ["Home is the sailor", "Home from sea"],
        ["Home", "Where the heart is, as everybody says", "And nowhere else"],
        ["Home", "I am here."],
        ["Astana", "Almaty"],
    ],
)
def test_other_short_lines_are_no_menu(lines: list[str]) -> None:
    assert not is_menu(lines)


SEED_FURNITURE = [
    "Home",
    ">",
    "Skip to main content",
    "Leave a Reply",
    "tax deductible gift",
    "Region / Country",
]
SEED_CONTENT = ["A worker prepares pipes", "© 2016 Shamil Zhumatov/Reuters", "Editor’s note:"]


def test_the_seeds_lose_their_furniture_and_nothing_else() -> None:
    passages = [(a, p) for a in load_articles(SEEDS) for p in passages_of(a)]
    spans = "\n".join(passage.span.of(article.text) for article, passage in passages)
    assert not [line for line in SEED_FURNITURE if line in (spans.splitlines() if len(line) < 6 else spans)]
    sentences = "\n".join(s.of(article.text) for article, passage in passages for s in passage.sentence_spans)
    assert all(line in sentences for line in SEED_CONTENT)


def test_the_seeds_keep_their_headings_as_context() -> None:
    headings: dict[str, list[str]] = {}
    for article in load_articles(SEEDS):
        sentences = {s.of(article.text) for p in passages_of(article) for s in p.sentence_spans}
        found = [h.of(article.text) for p in passages_of(article) for h in p.headings]
        headings[article.title] = list(dict.fromkeys(found))
        assert sentences.isdisjoint(found)
    assert headings == {
        "The Labor Crackdown and Possible Unintended Consequences": [
            "The Labor Crackdown and Possible Unintended Consequences",
            "What went wrong?",
        ],
        "ILO Slams Kazakhstan for Long-Standing Labor Rights Abuses": [
            "ILO Slams Kazakhstan for Long-Standing Labor Rights Abuses",
            "Government Urged to Fully Implement Reforms",
        ],
    }
