"""Lines that article after article repeats are furniture; a fact that two repeat is none."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from articleqa import Article, ArticleIndex, load_articles
from articleqa.articles.furniture import RepeatedLines
from articleqa.cli import cli
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
    return [span.of(article.text) for passage in passages_of(article) for span in passage.sentences]


def test_a_line_of_many_articles_is_left_out_of_their_passages_and_stays_in_their_text(
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
    for _ in range(4):
        repeated.count(article.text)
    assert repeated.left_out_of(article) == article
