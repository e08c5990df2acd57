"""The model that selects the main text of a web page: its features, its trees, what it demands of blocks."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html
from pydantic import ValidationError

from articleqa.data import read_data
from articleqa.loaders.elements import blocks_of_elements
from articleqa.loaders.html import load_html
from articleqa.loaders.html.block_features import block_features
from articleqa.loaders.html.block_model import BlockModel, block_model, likely
from articleqa.loaders.html.block_names import name_features, names_around
from articleqa.loaders.html.candidates import Candidates, candidates_of

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "tests" / "fixtures" / "html").glob("*.html"))

TREE = {
    "about": "two trees",
    "features": ["words", "links"],
    "start": 0.5,
    "roots": [0, 5],
    "node_features": [0, -1, 1, -1, -1, -1],
    "node_numbers": [2.0, -1.0, 0.25, 3.0, -2.0, 0.125],
    "node_right": [2, 0, 4, 0, 0, 0],
    "name_scores": {},
}


def page(body: str) -> html.HtmlElement:
    return html.document_fromstring(f"<html><body>{body}</body></html>")


def features_of(body: str, title: str = "") -> dict[str, list[float]]:
    root = page(body)
    found = candidates_of(root, title)
    return {name: values.tolist() for name, values in block_features(*found, title).items()}


def test_a_block_falls_through_each_tree_to_one_leaf() -> None:
    model = BlockModel.model_validate(TREE)
    found = model.probabilities({"words": np.array([2.0, 2.5, 9.0]), "links": np.array([1.0, 0.25, 0.26])})
    sums = [0.5 - 1.0 + 0.125, 0.5 + 3.0 + 0.125, 0.5 - 2.0 + 0.125]
    assert found.tolist() == pytest.approx([1 / (1 + math.exp(-total)) for total in sums])


@pytest.mark.parametrize(
    "damage",
    [
        {"node_numbers": [1.0]},
        {"roots": [0, 6]},
        {"node_features": [2, -1, 1, -1, -1, -1]},
        {"node_right": [1, 0, 4, 0, 0, 0]},
        {"node_right": [6, 0, 4, 0, 0, 0]},
        {"node_numbers": [math.nan, -1.0, 0.25, 3.0, -2.0, 0.125]},
    ],
)
def test_trees_that_could_loop_or_leave_the_lists_are_refused(damage: dict[str, list[float]]) -> None:
    with pytest.raises(ValidationError):
        BlockModel.model_validate(TREE | damage)


def test_the_shipped_model_compares_only_features_that_are_computed() -> None:
    root = page("<h1>The lock</h1><p>The keeper opens it at dawn.</p>")
    found = candidates_of(root, "The lock")
    features = block_features(*found, "The lock") | name_features(names_around(found.blocks), {})
    assert set(block_model().features) <= set(features)
    assert json.loads(read_data("web_page_blocks.json"))["about"].startswith(
        "Fitted by eval/train_web_pages.py"
    )


@settings(max_examples=100)
@given(st.lists(st.tuples(st.floats(0.001, 1.0), st.integers(1, 300)), min_size=1, max_size=12))
def test_no_other_threshold_has_a_higher_expected_f1(blocks: list[tuple[float, int]]) -> None:
    probabilities, words = (np.array(column, dtype=np.float64) for column in zip(*blocks, strict=True))
    everything = float(words @ probabilities)

    def expected_f1(kept: np.ndarray) -> float:
        return 2 * float((words * probabilities)[kept].sum()) / (float(words[kept].sum()) + everything)

    best = max(expected_f1(probabilities >= least) for least in probabilities)
    assert expected_f1(likely(probabilities, words)) >= best - 1e-9


def test_what_other_blocks_say_of_a_block_counts_without_it() -> None:
    body = "<div><p>a b c d</p><p>a b <a href='/x'>c d</a></p></div><div><p>alone here</p></div>"
    blocks = list(blocks_of_elements(page(body).find("body")))
    found = block_features(blocks, [False] * 3, [True, False, False], "")
    assert found["parent_taken"].tolist() == [0.0, 1.0, -1.0]
    assert found["parent_links"][0] == found["links"][1]
    assert found["parent_blocks"].tolist() == pytest.approx([math.log1p(2), math.log1p(2), math.log1p(1)])


def test_places_are_counted_from_the_top_in_words_and_in_blocks() -> None:
    found = features_of("<h2>Two words</h2><p>three words more</p><h2>Five</h2><p>four words are here</p>")
    assert found["words_above"] == pytest.approx([0, 0.2, 0.5, 0.6])
    assert found["since_heading"] == [0, 1, 0, 1]
    assert found["heading_before"] == [-1, 1, 0, 1]
    assert found["order"] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_names_are_cut_into_words_and_count_from_the_block_outwards() -> None:
    root = page("<div class='StoryRelated-box'><p id='text_1'>The keeper opens it.</p></div>")
    names = names_around(list(blocks_of_elements(root.find("body"))))
    assert names[0][:2] == (("text", "1"), ("story", "related", "box"))
    found = name_features(names, {"text": 1.0, "related": -2.0, "story": 1.0})
    assert (found["names_own"][0], found["names_1"][0]) == (1.0, -0.5)
    assert (found["names_lowest"][0], found["names_highest"][0], found["names_sum"][0]) == (-2.0, 1.0, 0.5)


def test_removed_blocks_keep_their_places_and_others_lose_what_is_removed_in_them() -> None:
    body = (
        "<div id='all'>The lock opens.<div class='newsletter'>Sign up now</div>It closes at night.</div>"
        "<p>The keeper <span><button>Share</button></span>sleeps.</p><nav><a href='/'>Home</a></nav>"
    )
    found = candidates_of(page(body), "")
    texts = [block.text for block in found.blocks]
    assert texts == ["The lock opens.", "Sign up now", "It closes at night.", "The keeper sleeps.", "Home"]
    assert found.removed == [False, True, False, False, True]
    assert not any(taken and removed for taken, removed in zip(found.taken, found.removed, strict=True))


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(["p", "h1", "li", "td", "div", "blockquote"]), max_size=8), st.text(max_size=20)
)
@example([], "")
@example(["p"], "\u2460")
def test_every_feature_is_a_finite_number_for_each_block(tags: list[str], text: str) -> None:
    words = "".join(c for c in text if c.isprintable() and c not in "<>&")
    root = page("<hr>" + "".join(f"<{tag}>{words} a</{tag}>" for tag in tags))
    found: Candidates = candidates_of(root, words)
    if not found.blocks:
        return
    features = block_features(*found, words) | name_features(names_around(found.blocks), {"a": 1.0})
    for values in features.values():
        assert values.shape == (len(found.blocks),)
        assert np.isfinite(values).all()


def test_a_page_of_few_words_is_read_whole() -> None:
    article = load_html(b"<body><p>Ring twice</p><p>The keeper sleeps.</p><nav>Home</nav>", "a", "a.html")
    assert article.text == "Ring twice\n\nThe keeper sleeps."


def test_training_writes_a_model_that_tells_the_text_of_its_own_pages(tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    gold.mkdir()
    for number in range(40):
        said = [f"The keeper of lock {number} has mended gate {gate} in the spring." for gate in range(6)]
        told = "".join(f"<p>{each}</p>" for each in said)
        rail = "".join(f"<li class='rail'><a href='/{n}'>Lock {n} of {number}</a></li>" for n in range(9))
        body = f"<div class='story'>{told}</div><ul class='rail'>{rail}</ul>"
        (tmp_path / f"{number}.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
        stated = {"ground_truth": {"main_content": "\n\n".join(said)}}
        (gold / f"{number}.json").write_text(json.dumps(stated), encoding="utf-8")
    out = tmp_path / "model.json"
    command = [
        sys.executable,
        str(ROOT / "eval" / "train_web_pages.py"),
        "--set",
        str(tmp_path),
        str(gold),
        "all",
    ]
    done = subprocess.run([*command, "--out", str(out), "--processes", "1"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    model = BlockModel.model_validate_json(out.read_text(encoding="utf-8"))
    assert model.name_scores["story"] > 0 > model.name_scores["rail"]
    found = candidates_of(page((tmp_path / "3.html").read_text(encoding="utf-8")), "")
    features = block_features(*found, "") | name_features(names_around(found.blocks), model.name_scores)
    is_text = model.probabilities(features) > 0.5
    assert is_text.tolist() == [True] * 6 + [False] * 9


NAVIGATION = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Home", "Boats", "Jobs", "Market"))
SENTENCES = [
    "The keeper of the lock at Tolm opens the upper gate at dawn and closes it again at night.",
    "Small boats may use the old river while divers mend both of the lower gates.",
    "New gates of oak will arrive by barge in June, and the office pays back all tolls.",
    "She has kept the lock for forty years and written down the story of every boat.",
]


def read(body: str) -> str:
    return load_html(f"<html><body>{body}</body></html>".encode(), "a", "a.html").text


def test_links_below_a_short_text_are_left_out() -> None:
    told = "".join(f"<p>{each}</p>" for each in SENTENCES)
    links = "".join(f"<li><a href='/{n}'>{n}</a></li>" for n in ("Imprint", "Privacy", "Press", "Contact"))
    text = read(
        f"<div class='x1'><ul>{NAVIGATION}</ul></div><div class='y1'><h1>The lock at Tolm</h1>{told}</div>"
        f"<div class='z1'><ul>{links}</ul></div>"
    )
    assert text.split("\n\n") == ["The lock at Tolm", *SENTENCES]


def test_labels_beside_a_text_of_few_words_are_left_out() -> None:
    text = read(
        "<div class='top'>Canal Office</div><div class='main'><h1>The lock at Tolm</h1>"
        f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></div>"
        f"<div class='col'><ul>{NAVIGATION}</ul></div>"
    )
    assert text.split("\n\n") == ["The lock at Tolm", *SENTENCES[:2]]


def test_a_page_of_captions_alone_keeps_them() -> None:
    shown = "".join(
        f"<figure><img src='a.jpg'><figcaption>{each}</figcaption></figure>" for each in SENTENCES
    )
    text = read(f"<ul>{NAVIGATION}</ul>{shown}")
    assert all(each in text for each in SENTENCES)
    assert "Market" not in text


def test_numbers_below_subheadings_and_times_of_a_ticker_are_kept() -> None:
    told = "".join(f"<p>{each}</p>" for each in SENTENCES)
    facts = "<h3>Boats a year</h3><p>12,400</p><h3>Keepers</h3><p>27</p>"
    assert "Boats a year\n\n12,400\n\nKeepers\n\n27" in read(f"<h1>The canal</h1>{facts}{told}")
    entries = "".join(f"<div><time>1{n}:40</time><p>{each}</p></div>" for n, each in enumerate(SENTENCES))
    assert "11:40\n\nSmall boats" in read(f"<h1>Flood: live</h1>{entries}")


def test_a_long_text_parted_by_line_breaks_is_read_whole() -> None:
    text = read(
        "<div>" + "".join(f"Barge {n} passed the lock at dawn.<br><br>" for n in range(3000)) + "</div>"
    )
    assert all(f"Barge {n} passed" in text for n in (0, 1499, 2999))
