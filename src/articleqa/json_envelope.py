"""The JSON output of every interface: an answer in a versioned envelope, and its JSON Schema.

`python -m articleqa.json_envelope` prints the schema that is stored in `data/answer.schema.json`.
"""

from __future__ import annotations

import json
import re
from typing import Literal, Self

from pydantic import ConfigDict, Field

from articleqa.answers import Answer, SentenceExplanation
from articleqa.models import Model

_CONTROLS = re.compile("[\x7f-\x9f]")


class AnswerEnvelope(Model):
    """An answer, with the name and version of its format."""

    model_config = ConfigDict(populate_by_name=True)

    schema_name: Literal["articleqa.answer"] = Field(default="articleqa.answer", alias="schema")
    version: Literal[1] = 1
    answer: Answer
    explanations: tuple[SentenceExplanation, ...] | None = None

    @classmethod
    def of(cls, answer: Answer, *, explain: bool = False) -> Self:
        """Put `answer` into an envelope, with the explanations of its sentences if `explain` is true."""
        return cls(answer=answer, explanations=answer.explain() if explain else None)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the JSON, ending in a newline; every string in it is exact once it is parsed.

        Without an `indent` it is one line.

        Characters are written unchanged, except for control characters, which are escaped: JSON itself would
        allow some that control a terminal.
        """
        left_out = {"explanations"} if self.explanations is None else None
        data = self.model_dump(mode="json", by_alias=True, exclude=left_out)
        return json_text(data, indent=indent) + "\n"


def json_text(data: object, *, indent: int | None = None) -> str:
    """Return `data` as JSON, with control characters escaped and every other unchanged."""
    text = json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def answer_schema() -> str:
    """Return the JSON Schema (draft 2020-12) of what `to_json` returns."""
    schema = AnswerEnvelope.model_json_schema(mode="serialization")
    for model in (schema, *schema["$defs"].values()):
        if properties := model.get("properties"):
            model["required"] = [name for name in properties if name != "explanations"]
    schema["properties"]["explanations"] = {  # without explanations the key is missing, not null
        "items": {"$ref": "#/$defs/SentenceExplanation"},
        "title": "Explanations",
        "type": "array",
    }
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    print(answer_schema(), end="")
