import pytest

from articleqa import AbstainReason, Article, ArticleIndex, Outcome
from articleqa.answering.confidence import ConfidenceModel
from articleqa.cli.render import answer_lines

UNION = Article(id="union", title="The union", text="A court shut the union in 2017. Nobody appealed.")


def index(confidence: float) -> ArticleIndex:
    """Return an index whose first sentence always has about this confidence: 0.5, 0.27 or 0.05."""
    intercept = {0.5: 0.0, 0.27: -1.0, 0.05: -3.0}[confidence]
    model = ConfidenceModel(
        about="", min_confidence=0.4, maybe_confidence=0.2, intercept=intercept, weights={}
    )
    return ArticleIndex.from_articles([UNION], confidence=model)


@pytest.mark.parametrize(
    ("confidence", "outcome"),
    [(0.5, Outcome.ANSWERED), (0.27, Outcome.MAYBE), (0.05, Outcome.NOT_FOUND)],
)
def test_confidence_decides_between_three_outcomes(confidence: float, outcome: Outcome) -> None:
    answer = index(confidence).ask("When was the union shut?")
    assert answer.outcome is outcome
    assert answer.answered is (outcome is Outcome.ANSWERED)
    assert bool(answer.text) is bool(answer.citations) is answer.answered
    assert answer.reason is (None if answer.answered else AbstainReason.BELOW_THRESHOLD)
    assert (answer.min_confidence, answer.maybe_confidence) == (0.4, 0.2)


def test_a_threshold_below_the_second_leaves_no_maybe() -> None:
    answer = index(0.05).ask("When was the union shut?", min_confidence=0.01)
    assert (answer.outcome, answer.maybe_confidence) == (Outcome.ANSWERED, 0.01)


def test_a_high_threshold_turns_answers_into_maybes() -> None:
    assert index(0.5).ask("When was the union shut?", min_confidence=0.9).outcome is Outcome.MAYBE


def test_nothing_is_never_a_maybe() -> None:
    answer = ArticleIndex.from_articles([]).ask("When?")
    assert answer.outcome is Outcome.NOT_FOUND


def shown(confidence: float) -> list[str]:
    asked = index(confidence)
    answer = asked.ask("When was the union shut?")
    lines = answer_lines(answer, asked.articles, lit=False)
    return ["".join(text for text, _ in line.parts) for line in lines]


def test_a_maybe_is_shown_as_such_with_its_place() -> None:
    first, sentence, _, title, place, sure, *_ = shown(0.27)
    assert first == "The articles may say:"
    assert sentence == "A court shut the union in 2017."
    assert (title, place) == ("The union", "union, line 1, characters 0–31")
    assert sure.startswith("confidence: low (0.26")


def test_what_is_not_found_says_so_first() -> None:
    assert shown(0.05)[0] == "The articles do not say."
