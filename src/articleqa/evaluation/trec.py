"""Answers as a TREC run, for trec_eval, ir_measures and similar tools."""

from __future__ import annotations

import re

from articleqa.answers import Answer

RUN_TAG = "articleqa"

_BREAKS_A_FIELD = re.compile(r"[\s%]")


def run_lines(question_id: str, answer: Answer) -> list[str]:
    """Return `qid Q0 articleid:start-end rank score articleqa` for each sentence, best first.

    Offsets are code points. White space separates the fields of a run, so white space in ids becomes %20
    and the like, and a per cent sign becomes %25.
    """
    return [
        f"{_field(question_id)} Q0 {_field(sentence.citation.article_id)}"
        f":{sentence.citation.start}-{sentence.citation.end} {rank} {sentence.score} {RUN_TAG}"
        for rank, sentence in enumerate(answer.sentences, start=1)
    ]


def _field(value: str) -> str:
    return _BREAKS_A_FIELD.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8")), value
    )
