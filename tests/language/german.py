"""A small German in place of English, as a contributor would start one; run by `test_second_language.py`.

python german.py FOLDER    # with the five files of a language
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from articleqa import language
from articleqa.language.answer_types import AnswerType

FILES = {
    "stop_words.txt": "# Kleine Wörter\nder die das und ist hat wann wer wo in im",
    "word_forms.txt": "gehen: ging gegangen",
    "abbreviations.txt": "[inside]\nHrn\n[before a number]\nNr",
    "boilerplate.txt": "nach oben|weitersagen",
    "punkt.json": json.dumps(
        {"version": 1, "abbreviations": [], "collocations": [], "sentence_starters": [], "orthography": {}}
    ),
}


def stemmer() -> Callable[[str], str]:
    from nltk.stem.snowball import GermanStemmer

    stem: Callable[[str], str] = GermanStemmer().stem
    return stem


def use_german(folder: Path) -> None:
    """Make German the language in use, before any room has taken its words from it."""
    english = language.LANGUAGE
    language.LANGUAGE = replace(
        english,
        code="de",
        folder=folder,
        words=replace(english.words, load_stemmer=stemmer, spelling_variants=(), negation=r"(?i)\bnicht\b"),
        calendar=replace(english.calendar, months=("Januar", "Februar", "März"), short_months=("Jan",)),
        questions=replace(
            english.questions,
            answer_types=(
                (AnswerType.PERSON, r"\bwer\b"),
                (AnswerType.TIME, r"\bwann\b"),
                (AnswerType.YES_NO, r"^(?:ist|hat)\b"),
            ),
        ),
        evidence=replace(
            english.evidence,
            mentions=((AnswerType.TIME, 1.0, r"\d{1,2}\. (?:Januar|Februar|März) \d{4}"),),
            leaning=r"(?i)^(?:er|sie|es)\b",
        ),
        roles=replace(english.roles, credit=r"^Foto:", caption_words="Bild", credit_words=""),
    )


def answers() -> dict[str, object]:
    """Return what the rooms say of German sentences; they are imported only now."""
    from articleqa.evidence.answer_type_patterns import mentions_of
    from articleqa.evidence.sentence_form import sentence_form
    from articleqa.models import Article
    from articleqa.passages import analyse
    from articleqa.question.analysis import analyse_question
    from articleqa.storage.identity import analysis_identity
    from articleqa.text.boilerplate import is_boilerplate
    from articleqa.text.near_equal import NEGATION

    text = "Die Häuser gingen an Hrn. Maier. Er zahlte am 3. März 1901."
    (passage,) = analyse(Article(id="1", title="Häuser", text=text))
    first, second = (text[span.start : span.end] for span in passage.passage.sentence_spans)
    question = analyse_question("Wann zahlte Maier die Häuser?")
    return {
        "sentences": [first, second],
        "terms": passage.sentence_terms[0],
        "asked": [question.expected.value, *question.terms],
        "mentioned": [mention.text for mention in mentions_of(second, AnswerType.TIME)],
        "leans": [sentence_form(first).leans, sentence_form(second).leans],
        "denies": NEGATION.search("Er zahlte nicht.") is not None,
        "boilerplate": [is_boilerplate("Weitersagen"), is_boilerplate("Share this article")],
        "caption": analyse(Article(id="2", title="", text="Foto: Maier"))[0].sentence_terms[0],
        "analysis": analysis_identity().partition("-")[0],
    }


if __name__ == "__main__":
    use_german(Path(sys.argv[1]))
    print(json.dumps(answers()))
