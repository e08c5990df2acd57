"""`iter_articles` yields what `load_articles` returns, one article at a time."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from articleqa import Article, ArticleNotFoundError, iter_articles, load_articles
from articleqa.loaders import registry
from articleqa.loaders.protocol import Format
from articleqa.loaders.registry import register_format

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["seeds", "tests/fixtures/formats/pdf", "tests/fixtures/formats/packed"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_iterating_gives_the_articles_that_loading_gives(folder: str) -> None:
    assert list(iter_articles(ROOT / folder)) == load_articles(ROOT / folder)


STORIES = (
    "The harbour of Zorp froze in 1740, and ships waited for weeks.",
    "A bridge over the Quand was opened by its builders on Monday.",
    "Bakers of the old town sold twice as much bread as last year.",
    "Nobody knows who painted the tower, says the museum's director.",
    "Snow closed both passes, so that post came by boat until March.",
    "Three schools share one teacher of music since the orchestra left.",
)


def test_lines_that_most_files_repeat_are_marked(tmp_path: Path) -> None:
    for number, story in enumerate(STORIES):
        (tmp_path / f"{number}.txt").write_text(f"{story}\n\nSubscribe to the harbour news\n")
    found = list(iter_articles(tmp_path))
    assert found == load_articles(tmp_path)
    assert all(article.blocks for article in found)


def load_without_stars(data: bytes, article_id: str, source: str) -> Article:
    return Article(id=article_id, text=data.decode().replace("*", ""), source=source)


def test_lines_are_counted_as_an_added_format_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_registered", [])
    register_format(Format("stars", suffixes=(".star",), load=load_without_stars, is_text=True))
    for number, story in enumerate(STORIES):
        stars = "*" * number  # each file has another line, and each article the same
        (tmp_path / f"{number}.star").write_text(f"{story}\n\nSubscribe to {stars}the harbour news\n")
    found = list(iter_articles(tmp_path))
    assert found == load_articles(tmp_path)
    assert all(article.blocks for article in found)


def test_the_first_article_comes_before_the_last_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.")
    (tmp_path / "b.txt").write_text("It snowed.")
    articles = iter_articles(tmp_path)
    assert next(articles).text == "It rained."
    (tmp_path / "b.txt").write_text("It hailed.")
    assert [article.text for article in articles] in (["It snowed."], ["It hailed."])


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("It rained.",))
    writer.start()
    assert [article.text for article in iter_articles(pipe)] == ["It rained."]
    writer.join()


def test_wrong_paths_are_refused_as_by_loading(tmp_path: Path) -> None:
    with pytest.raises(ArticleNotFoundError):
        list(iter_articles(tmp_path / "none"))
    with pytest.raises(TypeError, match="paths must be a path"):
        iter_articles(3)  # type: ignore[arg-type]
