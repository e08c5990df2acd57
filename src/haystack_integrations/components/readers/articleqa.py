"""A Haystack reader that answers with sentences of the documents; it needs the extra `haystack`."""

from __future__ import annotations

from typing import Any

from haystack import Document, ExtractedAnswer, component, default_to_dict

from articleqa import RankedSentence
from articleqa.integrations.texts import ask_texts


@component
class ArticleQAReader:
    """Finds the sentences of documents that answer a question, word for word, without torch.

    The `score` of an answer is the probability that it answers. `data` is the quote, and `document_offset`
    its place: `document.content[start:end] == data`.
    """

    def __init__(self, top_k: int = 3, score_threshold: float | None = None, no_answer: bool = True) -> None:
        """Return at most `top_k` quotes, with a score of `score_threshold` or more if it is given.

        With `no_answer`, there is one more answer whose `data` is None. Its score is the probability that the
        best quote does not answer. It comes first if the documents do not say, and else last.
        """
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, not {top_k}")
        self.top_k = top_k
        self.score_threshold = score_threshold
        self.no_answer = no_answer

    def to_dict(self) -> dict[str, Any]:
        """Return the component as a dictionary, for a saved pipeline."""
        saved: dict[str, Any] = default_to_dict(
            self, top_k=self.top_k, score_threshold=self.score_threshold, no_answer=self.no_answer
        )
        return saved

    @component.output_types(answers=list[ExtractedAnswer])
    def run(
        self,
        query: str,
        documents: list[Document],
        top_k: int | None = None,
        score_threshold: float | None = None,
        no_answer: bool | None = None,
    ) -> dict[str, list[ExtractedAnswer]]:
        """Return the `answers` to `query` from `documents`, best first; see `__init__`."""
        texts = ((each.id, each.content or "", each.meta.get("title")) for each in documents)
        answer = ask_texts(query, texts, top_k=self.top_k if top_k is None else top_k)
        by_id = {document.id: document for document in reversed(documents)}
        answers = [
            _extracted(query, sentence, by_id[sentence.citation.article_id]) for sentence in answer.sentences
        ]
        if self.no_answer if no_answer is None else no_answer:
            none = ExtractedAnswer(query=query, score=1 - answer.confidence, data=None)
            answers.insert(len(answers) if answer.answered else 0, none)
        least = self.score_threshold if score_threshold is None else score_threshold
        return {"answers": [each for each in answers if least is None or each.score >= least]}


def _extracted(query: str, sentence: RankedSentence, document: Document) -> ExtractedAnswer:
    cited, text = sentence.citation, document.content or ""
    first_page = document.meta.get("page_number")
    page = {"answer_page_number": first_page + text[: cited.start].count("\f")} if first_page else {}
    short = [highlight.text for highlight in sentence.highlights]
    return ExtractedAnswer(
        query=query,
        score=sentence.confidence,
        data=cited.quote,
        document=document,
        context=cited.context.of(text),
        document_offset=ExtractedAnswer.Span(cited.start, cited.end),
        context_offset=ExtractedAnswer.Span(
            cited.start - cited.context.start, cited.end - cited.context.start
        ),
        meta={**page, "short_answers": short},
    )
