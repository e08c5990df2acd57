"""Ask questions of public sets and verify every span of the answers independently.

    python eval/verify_spans.py --data DIR [--questions 2000]

DIR holds question sets in SQuAD v2.0 format (*.json). Prints one line of counts; exits with 1 if any
span is wrong. Quotes that a crude regular expression takes for two sentences are counted as suspicious. Most
are names and abbreviations that it does not know, so a person has to read them (--show N).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from articleqa.answers import Answer
from articleqa.evaluation import QuestionSet, read_squad
from articleqa.exceptions import ArticleQAError
from articleqa.index.article_index import ArticleIndex
from articleqa.models import Article, Citation, Span
from articleqa.text.blocks import blocks_of
from articleqa.text.sentences.spans import sentence_spans

SURROUNDINGS = 32
"""Characters of prefix and suffix that a citation has, if the article has that many."""

TOP_K = 10

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n|\r[^\S\r\n]*\r")
_LINE_END = re.compile(r"[\n\r]")
_LIKELY_END = re.compile(r"""[.!?]["”')]* [A-Z][a-z]+ """)
_LAST_WORD = re.compile(r"[^\s(\[“\"—–-]*$")
_ABBREVIATION = re.compile(
    r"mrs?|ms|dr|st|prof|rev|gen|col|capt|lt|sgt|sen|rep|gov|hon|[js]r|vs|etc|no|vol|figs?|ca|cf|al|approx"
    r"|inc|ltd|co|corp|bros|dept|univ|jan|feb|mar|apr|ju[nl]|aug|sept?|oct|nov|dec|mt|ft|op|eds?",
    re.IGNORECASE,
)


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--questions", type=click.IntRange(min=1), default=2000, show_default=True)
@click.option("--show", type=click.IntRange(min=0), default=10, show_default=True, help="Findings to print.")
def main(data: Path, questions: int, show: int) -> None:
    """Verify the spans of the answers to a seeded sample of questions, spread over the sets in --data."""
    try:
        sets = [read_squad(path) for path in sorted(data.glob("*.json"))]
    except ArticleQAError as error:
        raise click.ClickException(str(error)) from error
    if not sets:
        raise click.ClickException(
            f"{data}: no .json files; give a folder of question sets in SQuAD v2.0 format"
        )
    asked = spans = 0
    wrong: list[str] = []
    suspicious: list[str] = []
    sizes = [len(question_set.questions) for question_set in sets]
    for question_set, share in zip(sets, _shares(questions, sizes), strict=True):
        asked += share
        articles = {article.id: CheckedArticle(article) for article in question_set.articles}
        for citation in _citations(question_set, share):
            spans += 1
            place = f"{question_set.name} {citation.article_id}:{citation.start}-{citation.end}"
            wrong.extend(f"{place}: {fault}" for fault in faults(citation, articles))
            suspicious.extend(f"{place}: {clue}" for clue in likely_ends(citation.quote))
    for title, findings in (("wrong", wrong), ("suspicious", suspicious)):
        for finding in list(dict.fromkeys(findings))[:show]:
            click.echo(f"{title}: {finding}", err=True)
    click.echo(f"{asked} questions, {spans} spans, {len(wrong)} wrong, {len(suspicious)} suspicious")
    if wrong:
        raise SystemExit(1)


class CheckedArticle:
    """An article and its sentences, each with whether its block is hard-wrapped."""

    def __init__(self, article: Article) -> None:
        """Split `article` into sentences, block by block."""
        self.article = article
        self.sentences = {
            span: block.hard_wrapped
            for block in blocks_of(article.text, article.media_type)
            for span in sentence_spans(
                article.text, block.span.start, block.span.end, hard_wrapped=block.hard_wrapped
            )
        }


def faults(citation: Citation, articles: Mapping[str, CheckedArticle]) -> Iterator[str]:
    """Yield what is wrong with `citation`; `articles` are those of the question set, by id."""
    checked = articles.get(citation.article_id)
    if checked is None:
        yield "its article is not in the question set"
        return
    article = checked.article
    text, start, end = article.text, citation.start, citation.end
    if not 0 <= start < end <= len(text):
        yield "outside its article"
        return
    if text[start:end] != citation.quote:
        yield "the quote differs from the article's text"
    if not citation.verify(article):
        yield "verify() returns False"
    if (citation.prefix, citation.suffix) != (
        text[max(0, start - SURROUNDINGS) : start],
        text[end : end + SURROUNDINGS],
    ):
        yield "the prefix or suffix differs from the article's text"
    if not citation.context.start <= start < end <= citation.context.end <= len(text):
        yield "not inside its context"
    if _BLANK_LINE.search(citation.quote):
        yield "a blank line inside"
    hard_wrapped = checked.sentences.get(Span(start, end))
    if hard_wrapped is None:
        yield "not one sentence of its paragraph"
    elif _LINE_END.search(citation.quote) and not hard_wrapped:
        yield "a line end inside"


def likely_ends(quote: str) -> Iterator[str]:
    """Yield the places in `quote` that look like the end of a sentence, without an excuse.

    Excuses are an abbreviation, an initial or a number before the mark, or a quotation around or after it.
    """
    for match in _LIKELY_END.finditer(quote):
        before = quote[: match.start()]
        found = _LAST_WORD.search(before)
        word = found[0] if found else ""
        if len(word) <= 1 or "." in word or word.isdigit() or _ABBREVIATION.fullmatch(word):
            continue
        in_quotation = before.count('"') % 2 == 1 or before.count("“") > before.count("”")
        if in_quotation or match[0][1] in "\"”')":
            continue
        yield f"...{before[-30:]}{match[0]}..."


def _shares(total: int, sizes: Sequence[int]) -> list[int]:
    """Return how many questions to ask of each set: equally many, or more if other sets have too few."""
    shares = [0] * len(sizes)
    smallest_first = sorted(range(len(sizes)), key=lambda number: sizes[number])
    for done, number in enumerate(smallest_first):
        shares[number] = min(sizes[number], total // (len(sizes) - done))
        total -= shares[number]
    return shares


def _citations(question_set: QuestionSet, questions: int) -> Iterator[Citation]:
    """Yield every citation of the answers to a sample of `questions` questions."""
    index = ArticleIndex.from_articles(question_set.articles)
    for question in question_set.sample(questions).questions:
        yield from _cited(index.ask(question.question, top_k=TOP_K))


def _cited(answer: Answer) -> Iterator[Citation]:
    yield from answer.citations
    for sentence in answer.sentences:
        yield sentence.citation
        yield from sentence.also


if __name__ == "__main__":
    main()
