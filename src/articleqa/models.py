"""Articles and places in them: `Article`, `Span`, `Passage`, `Citation`. `answers` has what comes out.

Every offset counts Unicode code points of `Article.text`, start included, end excluded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator
from pydantic.dataclasses import dataclass


class Model(BaseModel):
    """A frozen pydantic model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text: `article.text[start:end]`.

    A dataclass, not a model: an index holds hundreds of thousands of them, and slots keep them small.
    """

    start: int
    end: int

    def __len__(self) -> int:
        """Return the length in code points."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the stretch of `text` that this span marks."""
        return text[self.start : self.end]


class BlockKind(StrEnum):
    """What a block is to a reader.

    A heading belongs to what stands below it and is never an answer. A table's row is one sentence, and
    its header row is a heading of the rows below it, as far as they go. An item belongs to the line that
    leads in its list, or to the item that it stands below. A block of code is one sentence.
    """

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    CODE = "code"
    HEADER_ROW = "header row"
    ROW = "row"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text of one kind, without outer white space.

    `level` is the depth of a heading or an item (1 the outermost); what goes on below an item, a second
    paragraph or code, is one deeper than it. `hard_wrapped` says that a line end inside the block is a
    space, not an end.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    hard_wrapped: bool = False


@runtime_checkable
class _Scalar(Protocol):
    """What a scalar of numpy can do."""

    ndim: int

    def item(self) -> object:
        """Return the number, truth or text as Python has it."""


def json_value(value: object) -> object:
    """Return `value` with each date in it as ISO 8601, and each numpy or pandas scalar as JSON has it.

    NaT and NA are None. All else stays as it is, for others to refuse.
    """
    if isinstance(value, list):
        return [json_value(each) for each in value]
    if isinstance(value, Mapping):
        return {key: json_value(each) for key, each in value.items()}
    # Told by the names of their types: neither library is imported for it.
    kind = type(value)
    if kind.__module__ == "numpy" and isinstance(value, _Scalar) and value.ndim == 0:
        if kind.__name__ == "datetime64":  # whose `item` is a number where it counts nanoseconds
            return None if str(value) == "NaT" else str(value)
        return value.item()
    if kind.__module__.startswith("pandas.") and kind.__name__ in ("NAType", "NaTType"):
        return None
    return value.isoformat() if isinstance(value, date) else value


class Article(Model):
    """One document. `text` is canonical: every offset points into it and nothing changes it again.

    `id` is unique within an index; `source` says where the text came from (the absolute path of a file
    that was loaded), empty when it came from no file; `metadata` is open (date, author, url, language, ...)
    and holds what JSON can: a `date` or `datetime`, and a scalar of numpy or pandas, become that.
    Where the text was extracted, as from a PDF, `blocks` are what the extractor knows it is made of, in
    order and disjoint, and `pages` the offsets at which pages 1, 2, ... begin, none in what has no pages.
    `blocks` is None where they are to be found by the text itself.
    """

    id: str = Field(min_length=1)
    title: str = ""
    text: str
    source: str = ""
    media_type: str = "text/plain"
    metadata: Mapping[str, JsonValue] = Field(default_factory=dict)
    blocks: tuple[Block, ...] | None = None
    pages: tuple[int, ...] = ()

    @field_validator("metadata", mode="before")
    @classmethod
    def _take_scalars(cls, value: object) -> object:
        """Take dates, and scalars of numpy and pandas, as JSON has them."""
        return json_value(value)

    @field_validator("metadata")
    @classmethod
    def _refuse_what_is_no_json(cls, value: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """Refuse halves of surrogate pairs and numbers that are none: no JSON could hold them."""
        try:
            json.dumps(dict(value), ensure_ascii=False, allow_nan=False).encode()
        except (UnicodeEncodeError, ValueError):
            raise ValueError(
                "holds what JSON cannot: half of a surrogate pair, or a number that is none"
            ) from None
        return value

    @field_validator("id", "title", "text", "source")
    @classmethod
    def _refuse_lone_surrogates(cls, value: str) -> str:
        """Refuse what is no Unicode text: no quote from it could be written to a file or as JSON."""
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"character {error.start} is half of a surrogate pair, which is no text"
            ) from None
        return value


@dataclass(frozen=True, slots=True)
class Passage:
    """What BM25 ranks: whole paragraphs of one section, as spans of their article.

    `sentence_spans` are in reading order and lie inside `span`; `headings` are those of the section, the
    outermost first. They are context for retrieval; one that is a whole sentence can answer too.
    `lead_ins` has for each sentence what an item of a list stands under, the outermost first: the line that
    leads in the list, and the items around it. It is empty where no sentence has any.
    """

    article_id: str
    span: Span
    sentence_spans: tuple[Span, ...]
    headings: tuple[Span, ...] = ()
    lead_ins: tuple[tuple[Span, ...], ...] = ()

    def lead_ins_of(self, number: int) -> tuple[Span, ...]:
        """Return what the sentence with this number stands under within its section."""
        return self.lead_ins[number] if self.lead_ins else ()


class Citation(Model):
    """The exact place of a quote.

    `prefix` and `suffix` are up to 32 characters on each side (W3C TextQuoteSelector), and `context` is the
    span of the passage around it. For people: `page` is that on which the quote starts, counted from 1,
    None in what has no pages; `section` has the headings that it stands under, the outermost first, for a
    table's row the header row too, for an item of a list the line that leads it in; `line` is the 1-based
    line on which it starts, None where the text was extracted and its lines are not those of the file.
    `extractor` names what extracted it.
    """

    article_id: str
    title: str
    source: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    page: int | None = Field(default=None, ge=1)
    section: tuple[str, ...] = ()
    line: int | None = Field(default=None, ge=1)
    quote: str
    prefix: str
    suffix: str
    context: Span
    extractor: str = ""

    def verify(self, article: Article) -> bool:
        """Say whether `article` is the one cited and holds the quote and its surroundings there."""
        return (
            article.id == self.article_id
            and 0 <= self.start < self.end <= len(article.text)
            and article.text[self.start : self.end] == self.quote
            and article.text.endswith(self.prefix, 0, self.start)
            and article.text.startswith(self.suffix, self.end)
        )

    def verify_source(self) -> SourceCheck:
        """Read the file that `source` names again, and say whether the quote stands there still.

        It is extracted as it was then, if the library is of the same version; another may place or write
        it otherwise.

        Raises:
            ArticleNotFoundError: there is no such file.
            ArticleReadError: it cannot be read any more.
        """
        import articleqa

        return articleqa.verify_source(self)


class SourceCheck(StrEnum):
    """Whether a source still has what was cited from it."""

    YES = "yes"
    NO = "no"
    OTHER_VERSION = "extracted by another version"
