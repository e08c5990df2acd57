"""Synthetic articles from a seed, shaped like prose: Zipf's law for words, sentences of varied length.

The cost of indexing depends on how many distinct words there are, how often they repeat, and where
sentences end; these articles have all three without a download. Their words have no meaning, so they
measure speed, and never whether an answer is right.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from articleqa import Article, load_articles

SEEDS = Path(__file__).parent.parent / "seeds"

SEED_QUESTIONS = (
    "When was the confederation shut down?",
    "Who is Larisa Kharkova?",
    "How many oil workers went on a hunger strike?",
    "Which unions did the government ban?",
    "What did the ILO committee require of the government?",
    "Why did Kazakhstan's Justice Ministry suspend a union?",
    "What does Kazakhstan hope to join this year?",
    "How tall is the Eiffel Tower?",
)
"""The seed articles answer most of them, but not the last: abstaining has to be fast too."""

COMMON_WORDS = (
    "the of and to in a is that for it as was with be by on not he his but at are this have from or had"
    " an they which one you were all her she there would their we him been has when who will no more if"
    " out so up said what its about than into them can only other time new some could these two may"
    " first then do any like my now over such our man me even most made after also did many"
)
"""The most common English words, in order; they are included since stop words are handled differently."""

VOCABULARY_SIZE = 30_000

PASSAGES_PER_ARTICLE = 20

FEWEST_CHARACTERS = 300
"""articleqa joins paragraphs of fewer than 250 characters; these are longer, so that each is one passage."""

_ONSETS = "b br c ch d dr f g gr h j k l m n p pl qu r s sh st t th tr v w z"
_NUCLEI = "a a e e i i o o u ai ea ou"
_CODAS = ",,,n,r,s,l,nd,ck"
_ENDINGS = ",,,,,,s,ed,ing,er,ly,ation"


def make_articles(passages: int, seed: int) -> list[Article]:
    """Return articles with exactly `passages` passages in all; the same arguments give the same articles.

    The common words are those of English and of the seed articles. Rare words are made up, and hardly any
    are shared with the articles of another `seed`.
    """
    rng = random.Random(seed)
    vocabulary = _vocabulary(rng)
    sentences = _sentences(rng, vocabulary)
    paragraphs = [_paragraph(sentences) for _ in range(passages)]
    return [
        Article(
            id=f"article-{number}",
            title=" ".join(word.capitalize() for word in rng.sample(vocabulary, 4)),
            text="\n\n".join(paragraphs[start : start + PASSAGES_PER_ARTICLE]),
        )
        for number, start in enumerate(range(0, passages, PASSAGES_PER_ARTICLE))
    ]


def make_questions(articles: Sequence[Article], count: int, seed: int) -> list[str]:
    """Return questions, each about four words that are close together in one of `articles`."""
    rng = random.Random(seed)
    common = frozenset(COMMON_WORDS.split())
    questions: list[str] = []
    while len(questions) < count:
        paragraph = rng.choice(paragraphs_of(rng.choice(articles)))
        words = [word for word in paragraph.lower().replace(".", "").split() if word not in common]
        if len(words) >= 4:
            questions.append("What did the {} {} do with the {} in {}?".format(*words[:4]))
    return questions


def paragraphs_of(article: Article) -> list[str]:
    """Return the paragraphs of `article`, which blank lines separate."""
    return [paragraph for paragraph in article.text.split("\n\n") if paragraph.strip()]


def _vocabulary(rng: random.Random) -> list[str]:
    """Return distinct words, most common first; they get longer as they get rarer."""
    words = dict.fromkeys(COMMON_WORDS.split())
    for article in load_articles(SEEDS):
        words.update((word, None) for word in article.text.lower().split() if word.isalpha())
    parts = [_ONSETS.split(), _NUCLEI.split(), _CODAS.split(",")]
    endings = _ENDINGS.split(",")
    while len(words) < VOCABULARY_SIZE:
        syllables = 2 if len(words) < 2_000 else rng.choice((2, 3, 3))
        stem = "".join(rng.choice(part) for _ in range(syllables) for part in parts)
        words[stem + rng.choice(endings)] = None
    return list(words)


def _sentences(rng: random.Random, vocabulary: Sequence[str]) -> Iterator[str]:
    """Yield sentences without end; the frequency of the word of rank n is proportional to 1/n."""
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    while True:
        length = min(max(round(rng.gauss(16, 7)), 4), 40)
        sentence = " ".join(rng.choices(vocabulary, cum_weights=weights, k=length))
        yield f"{sentence[0].upper()}{sentence[1:]}."


def _paragraph(sentences: Iterator[str]) -> str:
    paragraph = next(sentences)
    while len(paragraph) < FEWEST_CHARACTERS:
        paragraph += " " + next(sentences)
    return paragraph
