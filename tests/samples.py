"""What several tests ask: candidates of a few texts, and networks that were not fitted to anything."""

from __future__ import annotations

import numpy as np

from articleqa.evidence.candidates import Candidates
from articleqa.evidence.selection import select_candidates
from articleqa.models import Article, Passage
from articleqa.passage_text import LineTable, PassageText
from articleqa.passages import analyse
from articleqa.question.analysis import analyse_question
from articleqa.ranking.network import SHAPES, Network
from articleqa.ranking.network_file import StoredNetwork
from articleqa.ranking.ranker import Ranker
from articleqa.retrieval import MemoryRetriever
from articleqa.training.network import initial_arrays

UNION = Article(
    id="union",
    title="The union",
    text=(
        "The union of oil workers was large. It was shut by a court on January 4, 2017.\n\n"
        "Larisa Kharkova led it for five years. She was fined $10,000 by the court of Shymkent."
    ),
)
TEA = Article(
    id="tea",
    text="Green tea was first drunk in China in 2737 BCE. It is steeped for three minutes. Is it hot? Yes.",
)
QUESTIONS = ("When was the union shut by a court?", "who led the union", "Which tea was drunk in China?")


def candidates_of(question: str, *articles: Article) -> Candidates:
    """Return all sentences of `articles` as candidates for `question`."""
    passages = [passage for article in articles for passage in analyse(article)]
    retriever = MemoryRetriever()
    for passage in passages:
        retriever.add(passage.key, [(passage.key, passage.terms())])
    asked = analyse_question(question)
    by_id = {article.id: article for article in articles}
    texts = [passage_text(by_id[passage.passage.article_id], passage.passage) for passage in passages]
    return select_candidates(asked, retriever.statistics(asked.terms), passages, texts)


def passage_text(article: Article, passage: Passage) -> PassageText:
    """Return the text of a passage, as a store reads it."""
    return PassageText.of(article, passage, LineTable(article.text))


def random_network(seed: int = 0) -> Network:
    """Return a network as training begins with, in 16 bits."""
    arrays = initial_arrays(np.random.default_rng(seed))
    return Network.from_arrays({name: array.astype(np.float16) for name, array in arrays.items()})


def zero_network() -> Network:
    """Return a network whose arrays are all zeros."""
    return Network.from_arrays({name: np.zeros(shape, np.float32) for name, shape in SHAPES.items()})


def ranker(network: Network | None = None, **weights: float) -> Ranker:
    """Return a ranker of these weights, and of `network` if there is one."""
    return Ranker(about="", weights=weights, network=StoredNetwork.of(network) if network else None)
