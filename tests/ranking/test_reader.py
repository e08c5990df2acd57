import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, Outcome, ask
from articleqa.answers import AbstainReason
from articleqa.data import data_path
from articleqa.encoder.model import EncoderModel, encoder_model
from articleqa.encoder.vectors import VectorIndex, passage_vectors, quantised, question_vector
from articleqa.encoder.windows import Window, WindowInput, window_input
from articleqa.ranking.ranker import READER, WORDS, Ranker, shipped_ranker, word_scores
from articleqa.ranking.reader import MAX_WINDOWS, ReadSentence
from articleqa.ranking.scores import READER_PARTS
from articleqa.ranking.word_features import words_of
from commands import python
from user_path import USER_PATH

pytestmark = pytest.mark.reader

ALLOTMENT = Article(
    id="rules",
    title="Rules of the allotment",
    text=(
        "The gates are locked at dusk.\n\n## Water\n\nA hosepipe may be used only while its holder is there."
        " Butts must have a lid.\n\n## Animals\n\nHens may be kept, six at most, and must be fed twice a day."
        " Cockerels are not allowed.\n\n## Payment\n\nRent is due on the first of October each year."
        " Whoever pays a month late loses the plot."
    ),
    media_type="text/markdown",
)
FILLER = [
    Article(id=f"f{n}", title=f"Minutes {n}", text=f"The committee met in room {n}. Ms Byrne took the chair.")
    for n in range(25)
]
INDEX = ArticleIndex.from_articles([ALLOTMENT])


def first_of(question: str) -> str:
    return INDEX.ask(question, min_confidence=0).sentences[0].text


def readings(model: EncoderModel, *texts: str) -> list[WindowInput]:
    question = model.pieces.numbers_of("When must the rent be paid?")
    return [
        window_input(model.pieces, question, [], Window((0,), (tuple(model.pieces.numbers_of(text)),)))
        for text in texts
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the deadline for paying?", "Rent is due on the first of October each year."),
        ("Am I allowed to have a rooster?", "Cockerels are not allowed."),
        ("how many chickens can I have", "Hens may be kept, six at most, and must be fed twice a day."),
    ],
)
def test_questions_in_other_words_find_the_answer(question: str, answer: str) -> None:
    assert first_of(question) == answer


def test_the_answer_says_that_the_reader_ranked() -> None:
    answer = INDEX.ask("When is the rent due?")
    assert answer.ranker == READER
    assert {share.name for share in answer.explain()[0].features} & set(READER_PARTS)


def test_without_onnxruntime_words_rank_and_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articleqa.ranking.ranker.encoder_model", lambda: None)
    index = ArticleIndex.from_articles([ALLOTMENT])
    assert index.ask("When is the rent due?").ranker == WORDS
    assert not {s.name for s in index.ask("When is the rent due?").explain()[0].features} & set(READER_PARTS)


def test_a_missing_onnxruntime_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    encoder_model.cache_clear()
    try:
        assert encoder_model() is None
    finally:
        monkeypatch.undo()
        encoder_model.cache_clear()
    assert encoder_model() is not None


def test_words_alone_can_be_chosen() -> None:
    index = ArticleIndex.from_articles([ALLOTMENT], ranker=shipped_ranker().without_reader())
    assert index.ask("When is the rent due?").ranker == WORDS


def test_words_alone_can_be_chosen_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "rules.md").write_text(ALLOTMENT.text)
    said = [
        json.loads(asked.stdout)["answer"]["ranker"]
        for more in ([], ["--ranker", "words"])
        if (asked := python("-m", "articleqa", "When is rent due?", tmp_path, "--json", *more))
    ]
    assert said == [READER, WORDS]


def test_a_ranker_without_joining_weights_ranks_by_words() -> None:
    assert Ranker(about="", weights={"overlap": 1.0}).name == WORDS


@settings(max_examples=10)
@given(st.lists(st.sampled_from(ALLOTMENT.text.split(". ")), min_size=1, max_size=6))
def test_a_window_has_the_same_score_whatever_is_read_with_it(texts: list[str]) -> None:
    model = encoder_model()
    assert model is not None
    together = [float(scores.sentences[0]) for scores in model.read(readings(model, *texts))]
    alone = [float(model.read(readings(model, text))[0].sentences[0]) for text in texts]
    assert together == alone


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_scores_do_not_depend_on_threads(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    model = encoder_model()
    assert model is not None
    texts = ALLOTMENT.text.split(". ")
    monkeypatch.setattr(os, "cpu_count", lambda: threads)
    other = EncoderModel()
    for one, same in zip(
        model.read(readings(model, *texts)), other.read(readings(model, *texts)), strict=True
    ):
        assert np.array_equal(one.sentences, same.sentences)


def test_the_shipped_networks_have_weights_in_8_bits() -> None:
    for name in ("reader.onnx", "encoder.onnx"):
        assert data_path(name).stat().st_size < 12_000_000
        inputs = onnxruntime.InferenceSession(str(data_path(name))).get_inputs()
        assert inputs[0].name == "embedded"


@pytest.mark.parametrize(
    "text", ["<b></b> <i></i>. The mill of Arden is old. [](x).", "<b>...</b>\n\n***\n\n<p>", "``` ```"]
)
def test_sentences_of_nothing_but_markup_have_finite_scores(text: str) -> None:
    index = ArticleIndex.from_articles([Article(id="a", text=text), ALLOTMENT])
    ranking = shipped_ranker().rank(index.candidates("Is the mill of Arden old?"))
    assert np.isfinite(ranking.scores).all()
    alone = ArticleIndex.from_articles([Article(id="a", text=text)])
    alone.ask("Is the mill of Arden old?")


def test_most_windows_are_left_unread() -> None:
    index = ArticleIndex.from_articles([ALLOTMENT, *FILLER])
    candidates = index.candidates("Who took the chair of the committee in the room?")
    ranking = shipped_ranker().rank(candidates)
    assert ranking.reader is not None
    read = {candidates[row].passage.key for row in ranking.reader.rows.tolist()}
    assert 1 <= len(read) <= MAX_WINDOWS < len({candidate.passage.key for candidate in candidates})
    unread = np.setdiff1d(np.arange(len(candidates)), ranking.reader.rows)
    assert len(unread)


def test_a_passage_that_shares_no_word_is_found_by_its_vector() -> None:
    index = ArticleIndex.from_articles([ALLOTMENT, *FILLER])
    answer = index.ask("rooster permitted?", min_confidence=0)
    assert "Cockerels are not allowed." in [sentence.text for sentence in answer.sentences]


def test_a_filter_holds_for_what_vectors_find() -> None:
    marked = [article.model_copy(update={"metadata": {"kind": "minutes"}}) for article in FILLER]
    index = ArticleIndex.from_articles([ALLOTMENT, *marked])
    answer = index.ask("rooster permitted?", min_confidence=0, where={"kind": "minutes"})
    assert {sentence.citation.article_id for sentence in answer.sentences} <= {a.id for a in marked}


def test_a_question_about_something_else_is_not_found() -> None:
    answer = ask("Who won the chess championship in 1972?", [ALLOTMENT])
    assert answer.outcome is Outcome.NOT_FOUND
    assert not answer.answered


def test_vectors_of_a_passage_do_not_depend_on_the_others() -> None:
    model = encoder_model()
    assert model is not None
    given = [(ALLOTMENT, each.passage) for each in INDEX.passages]
    together = list(passage_vectors(model, given))
    for pair, rows in zip(given, together, strict=True):
        (alone,) = passage_vectors(model, [pair])
        assert np.abs(alone.astype(int) - rows.astype(int)).max() <= 6


def test_the_nearest_passage_comes_first_and_ties_keep_their_order() -> None:
    question = quantised(np.array([[1.0, 0.0, 0.0]], dtype=np.float32))[0]
    rows = [
        quantised(np.array(vectors, dtype=np.float32))
        for vectors in ([[0, 1, 0]], [[1, 1, 0], [0, 0, 1]], [[1, 0, 0]], [[1, 1, 0]])
    ]
    index = VectorIndex.of(list(zip("abcd", rows, strict=True)))
    cosines = index.cosines(question)
    assert cosines.tolist() == [0.0, 0.7071, 0.0, 1.0, 0.7071]
    assert index.nearest(cosines, 9) == ["c", "b", "d", "a"]
    assert index.nearest(cosines, 1, {"a", "d"}) == ["d"]
    assert index.by_key(cosines)["b"].tolist() == [0.7071, 0.0]


def test_an_index_without_passages_has_nothing_near() -> None:
    index = VectorIndex.of([])
    model = encoder_model()
    assert model is not None
    cosines = index.cosines(question_vector(model, "Who?"))
    assert index.nearest(cosines, 3) == []


def test_a_mark_belongs_to_the_word_that_it_stands_in() -> None:
    sentence = "Rent is due in October."
    starts = (0, 5, 8, 12, 15, 22)
    ends = (4, 7, 11, 14, 22, 23)
    marks = np.full((6, 2), -5.0)
    marks[4] = 3.0
    scores = word_scores(sentence, ReadSentence(1.0, starts, ends, marks))
    assert words_of(sentence).terms[int(np.argmax(scores))] == "octob"
    assert len(scores) == len(words_of(sentence).terms)


@pytest.mark.parametrize("question", ["?!", "", "☂"])
def test_a_question_without_words_finds_nothing(question: str) -> None:
    index = ArticleIndex.from_articles([Article(id="a", text="Rent is due in October. It rained.")])
    assert index.ask(question, min_confidence=0).reason is AbstainReason.NO_MATCHING_TERMS


def test_an_emoji_is_found() -> None:
    index = ArticleIndex.from_articles([Article(id="a", text="\U0001f6a2 Harbour diary. It rained.")])
    assert index.ask("\U0001f6a2").sentences[0].text == "\U0001f6a2 Harbour diary."


def test_the_reader_reports_to_nobody(tmp_path: Path) -> None:
    asking = "from articleqa import ask; print(ask('What is due?', 'rent.txt').ranker)"
    (tmp_path / "rent.txt").write_text("Rent is due in October.", encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home),
        "PYTHONPATH": USER_PATH,
    }
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run(
        [sys.executable, "-c", asking], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("reader\n", "")
    assert list(home.iterdir()) == []
