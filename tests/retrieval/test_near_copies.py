"""Near copies (another word, dateline or last line) are one candidate and make an answer surer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from articleqa import Answer, Article, ArticleIndex
from articleqa.passages import analyse
from articleqa.ranking.ranker import shipped_ranker
from articleqa.ranking.reader import MAX_WINDOWS
from articleqa.retrieval.deduplication import MOST_NEAR, collapse, near_copies
from articleqa.retrieval.search import CANDIDATE_PASSAGES
from articleqa.storage.memory import MemoryStore
from articleqa.storage.reads import Reads

DAM = "The Pellan dam reached 94 per cent of its capacity on Tuesday, the water board said."
GATES = "Engineers opened two gates at dawn."
MORE = (
    "The harbour of Zorp froze in the winter of 1740, and the fishermen burnt their boats for warmth."
    " The council bought bread from Quax. No ship could enter or leave the harbour for eleven weeks,"
    " and the price of salt rose fivefold before the thaw.\n\n"
    "Mayor Ann Blim asked the king for help with the frozen harbour. He sent forty sledges of rye, which"
    " came too late for many. The harbour was dredged and a second pier built when the war was over."
)
TOWNS = (
    *("PELLAN", "LONDON", "QUAX", "ARDEN", "BROME", "CORBY"),
    *("DERBY", "ELMET", "FROME", "GOOLE", "HEXHAM", "ILKLEY"),
)
VERBS = (
    *("reached", "hit", "touched", "attained", "neared", "passed"),
    *("topped", "struck", "made", "held", "showed", "gained"),
)
STORY = f"Wire report\n\n{DAM}\n{GATES}"
VARIANTS: dict[str, Callable[[str, int], str]] = {
    "exact": lambda story, _: story,
    "last line": lambda story, n: f"{story}\nUpdate {n} adds a quote.",
    "title": lambda story, n: story.replace("report", f"report {n}") + f"\nUpdate {n} adds a quote.",
    "word": lambda story, n: story.replace("reached", VERBS[n]),
    "dateline": lambda story, n: story.replace("report\n", f"report\n\n{TOWNS[n].title()}, {n + 1} May\n"),
    "inline": lambda story, n: story.replace("The Pellan", f"{TOWNS[n]}, {n + 1} May - The Pellan"),
}
OTHERS = [
    Article(
        id="bees", text="Bees\n\nThe keeper of the town's bees counted 40 hives on Monday.\nHe sold honey."
    ),
    Article(id="rates", text="Rates\n\nThe council raised the water rate by 3 per cent on Friday."),
]
FULL = "How full was the Pellan dam?"
REACHED = "What did the Pellan dam reach on Tuesday?"
OPENED = "When did engineers open two gates?"


def copies(kind: str, number: int, story: str = STORY) -> list[Article]:
    texts = [VARIANTS[kind](story, n) for n in range(number)]
    return [Article(id=f"w{n}", title=text.splitlines()[0], text=text) for n, text in enumerate(texts)]


def asked(articles: Sequence[Article], question: str, top_k: int = 9) -> Answer:
    index = ArticleIndex.from_articles(articles)
    answer = index.ask(question, top_k=top_k, min_confidence=0)
    for place in (place for s in answer.sentences for place in (s.citation, *s.also)):
        assert place.verify(index.articles[place.article_id])
    return answer


def confidences(kind: str, story: str, others: Sequence[Article], question: str) -> list[float]:
    return [
        asked([*others[:1], *copies(kind, number, story), *others[1:]], question).confidence
        for number in (1, 2, 3, 5, 12)
    ]


@pytest.mark.parametrize("question", [FULL, REACHED, OPENED])
@pytest.mark.parametrize("others", [[], OTHERS], ids=["alone", "others"])
@pytest.mark.parametrize("story", [STORY, f"{STORY}\n\n{MORE}"], ids=["short", "long"])
@pytest.mark.parametrize("kind", VARIANTS)
def test_more_copies_never_make_less_sure(
    kind: str, story: str, others: list[Article], question: str
) -> None:
    found = confidences(kind, story, others, question)
    assert found == sorted(found)
    assert found[0] < found[-1] < found[0] + 0.1


@pytest.mark.reader
@pytest.mark.parametrize("kind", VARIANTS)
def test_more_copies_never_make_less_sure_by_the_reader(kind: str) -> None:
    found = confidences(kind, STORY, OTHERS, FULL)
    assert found == sorted(found)


@pytest.mark.parametrize("kind", ["exact", "last line", "title", "dateline"])
def test_near_copies_are_one_sentence_with_each_place(kind: str) -> None:
    answer = asked([*copies(kind, 5), *OTHERS], FULL)
    assert [sentence.text for sentence in answer.sentences].count(DAM) == 1
    first = answer.sentences[0]
    assert [place.article_id for place in (first.citation, *first.also)] == ["w0", "w1", "w2", "w3", "w4"]
    assert {place.quote for place in first.also} == {DAM}


@pytest.mark.parametrize("change", [("94", "97"), ("Pellan", "Quax"), ("reached", "never reached")])
def test_another_number_name_or_denial_is_a_sentence_of_its_own(change: tuple[str, str]) -> None:
    other = Article(id="other", title="Wire report", text=STORY.replace(*change))
    sentences = asked([*copies("exact", 3), other], FULL).sentences
    own = next(sentence for sentence in sentences if sentence.text == DAM.replace(*change))
    assert [place.article_id for place in (own.citation, *own.also)] == ["other"]


def test_a_copy_with_another_number_makes_less_sure() -> None:
    other = Article(id="other", title="Wire report", text=STORY.replace("94", "97"))
    alone = asked(copies("exact", 1), FULL).confidence
    assert asked([*copies("exact", 1), other], FULL).confidence < alone - 0.05


def test_the_title_that_is_asked_for_says_which_near_copy_stands() -> None:
    first = asked(copies("title", 5), "How full was the Pellan dam by wire report 3?").sentences[0]
    assert first.citation.article_id == "w3"
    assert [place.article_id for place in first.also] == ["w0", "w1", "w2", "w4"]


def near(number: int) -> list[Article]:
    return [
        Article(id=f"n{n}", title="Wire", text=f"{DAM} {GATES}\n\nUpdate {n} adds a quote.")
        for n in range(number)
    ]


def test_many_near_copies_leave_room_for_other_passages() -> None:
    other = Article(id="other", title="Wire", text="Quax, not Pellan, was full in May, by the same board.")
    answer = asked([*near(3 * CANDIDATE_PASSAGES), other], FULL, top_k=50)
    assert answer.sentences[0].text == DAM
    assert len(answer.sentences[0].also) == 3 * CANDIDATE_PASSAGES - 1
    assert other.text in [sentence.text for sentence in answer.sentences]


def test_near_copies_beside_the_passages_asked_for_are_limited() -> None:
    store = MemoryStore()
    for article in near(MOST_NEAR + 50):
        store.add(article, analyse(article))
    documents = store.documents_at([passage.key for passage in store.passages])
    assert len(collapse(Reads(store), documents, (), 3)) == MOST_NEAR + 3


@pytest.mark.reader
def test_near_copies_are_read_after_other_passages() -> None:
    others = [
        Article(id=f"o{n}", text=f"{town.title()} has a dam too, {n + 20} metres high.")
        for n, town in enumerate(TOWNS[1:MAX_WINDOWS])
    ]
    index = ArticleIndex.from_articles([*copies("word", 9), *others])
    candidates = index.candidates(FULL)
    reading = shipped_ranker().rank(candidates).reader
    assert reading is not None
    read = {candidates[row].article_id for row in reading.rows.tolist()}
    assert read >= {article.id for article in others}


def test_near_copies_are_told_by_the_first_of_the_articles() -> None:
    store = MemoryStore()
    texts = [STORY, STORY.replace("reached", "hit"), f"{STORY}\nThe end.", f"{GATES}\n\n{MORE}", MORE]
    for n, text in enumerate(texts):
        article = Article(id=str(n), text=text)
        store.add(article, analyse(article))
    passages = [store.passages_of(str(n))[0] for n in range(len(texts))]
    firsts = near_copies(Reads(store), passages[::-1], ())
    assert [firsts[passage.key] for passage in passages] == [
        *[passages[0].key] * 3,
        *[passages[3].key] * 2,
    ]


@pytest.mark.parametrize("kind", VARIANTS)
def test_near_copies_on_disk_are_those_in_memory(kind: str, tmp_path: Path) -> None:
    articles = [*copies(kind, 12), *OTHERS]
    memory, on_disk = ArticleIndex.from_articles(articles), ArticleIndex.create(tmp_path / "kb")
    on_disk.add(articles)
    for question in (FULL, REACHED, OPENED):
        expected = memory.ask(question, top_k=9).model_dump_json()
        assert on_disk.ask(question, top_k=9).model_dump_json() == expected
    on_disk.close()
