"""Articles and places in them: `Article`, `Span`, `Passage`, `Citation`. Answers are in `answers`.

Every offset counts Unicode code points of `Article.text`; the start is included, the end excluded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, runtime_checkable
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator
from pydantic.dataclasses import dataclass


class Model(BaseModel):
    """A frozen pydantic model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __hash__(self) -> int:
        """Return a hash of all fields, also of metadata and others that are mappings or lists."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return hash((type(self), *map(_hashable, values)))


def _hashable(value: object) -> object:
    """Return a value that can be hashed, equal for equal values."""
    if isinstance(value, Mapping):
        return frozenset((key, _hashable(each)) for key, each in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, list | tuple) else value


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
        """Return the part of `text` that this span marks."""
        return text[self.start : self.end]


class BlockKind(StrEnum):
    """The role of a block in its article.

    A heading belongs to what is below it and is never an answer. A table's row is one sentence, and its
    header row is a heading of the rows below it, as far as they go. An item belongs to the line that
    introduces its list, or to the item that it is nested under. A block of code is one sentence.
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

    `level` is the depth of a heading or an item (1 is the outermost). A block that continues an item, such as
    a second paragraph or code, is one level deeper than the item. `hard_wrapped` says that a line end inside
    the block is a space and does not end a sentence.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    hard_wrapped: bool = False


@runtime_checkable
class _Scalar(Protocol):
    """The interface of a numpy scalar."""

    ndim: int

    def item(self) -> object:
        """Return the value as a Python number, truth value or text."""


def json_value(value: object) -> object:
    """Return `value` with dates as ISO 8601 text, and numpy and pandas scalars as JSON values.

    NaT and NA become None. Everything else is unchanged, for others to refuse.
    """
    if isinstance(value, list):
        return [json_value(each) for each in value]
    if isinstance(value, Mapping):
        return {key: json_value(each) for key, each in value.items()}
    # Recognised by the names of their types, so that neither library has to be imported.
    kind = type(value)
    if kind.__module__ == "numpy" and isinstance(value, _Scalar) and value.ndim == 0:
        if kind.__name__ == "datetime64":  # its `item` is a number if it counts nanoseconds
            return None if str(value) == "NaT" else str(value)
        return value.item()
    if kind.__module__.startswith("pandas.") and kind.__name__ in ("NAType", "NaTType"):
        return None
    return value.isoformat() if isinstance(value, date) else value


class Article(Model):
    """One document. `text` is canonical: every offset points into it and nothing changes it again.

    `id` is unique within an index. `source` says where the text came from: the absolute path of a file that
    was loaded, or empty if it came from no file. `metadata` is open (date, author, url, language, ...) and
    holds JSON values; a `date`, a `datetime`, and a scalar of numpy or pandas are converted to them. If the
    text was extracted, as from a PDF, `blocks` are the blocks that the extractor found, in order and
    disjoint, and `pages` the offsets at which pages 1, 2, ... begin (empty without pages). `times` are
    offsets in a transcript, each with the second of the recording at which the text there is said. `blocks`
    is None if the blocks are to be found from the text itself.
    """

    id: str = Field(min_length=1)
    title: str = ""
    text: str
    source: str = ""
    media_type: str = "text/plain"
    metadata: Mapping[str, JsonValue] = Field(default_factory=dict)
    blocks: tuple[Block, ...] | None = None
    pages: tuple[int, ...] = ()
    times: tuple[tuple[int, float], ...] = ()

    @field_validator("metadata", mode="before")
    @classmethod
    def _take_scalars(cls, value: object) -> object:
        """Convert dates, and scalars of numpy and pandas, to JSON values."""
        return json_value(value)

    @field_validator("metadata")
    @classmethod
    def _refuse_what_is_no_json(cls, value: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """Refuse lone surrogates, NaN and infinities: JSON cannot hold them."""
        try:
            json.dumps(dict(value), ensure_ascii=False, allow_nan=False).encode()
        except (UnicodeEncodeError, ValueError):
            raise ValueError(
                "has a value that JSON cannot hold: half of a surrogate pair, NaN or an infinity"
            ) from None
        return value

    @field_validator("id", "title", "text", "source")
    @classmethod
    def _refuse_lone_surrogates(cls, value: str) -> str:
        """Refuse lone surrogates: a quote that has one could not be written to a file or as JSON."""
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"character {error.start} is half of a surrogate pair, which is not valid text"
            ) from None
        return value


@dataclass(frozen=True, slots=True)
class Passage:
    """What BM25 ranks: whole paragraphs of one section, as spans of their article.

    `sentence_spans` are in reading order and lie inside `span`. `headings` are those of the section, the
    outermost first; they are context for retrieval, and one that is a whole sentence can answer too.
    `lead_ins` has, for each sentence in an item of a list, what introduces the item, the outermost first: the
    line that introduces the list, and the items around it. It is empty if no sentence has any.
    """

    article_id: str
    span: Span
    sentence_spans: tuple[Span, ...]
    headings: tuple[Span, ...] = ()
    lead_ins: tuple[tuple[Span, ...], ...] = ()

    def lead_ins_of(self, number: int) -> tuple[Span, ...]:
        """Return what introduces the sentence with this number within its section, the outermost first."""
        return self.lead_ins[number] if self.lead_ins else ()


class Citation(Model):
    """The exact place of a quote.

    `prefix` and `suffix` are up to 32 characters on each side (W3C TextQuoteSelector), and `context` is the
    span of the passage around it. The following fields are for people:

    - `page`: the page on which the quote starts, counted from 1; None if there are no pages
    - `page_end`: the page on which the quote ends, if it goes on over a page break; else None
    - `ocr`: whether the page was scanned and its text recognised, so that letters may be wrong
    - `time`: when in a recording the quote starts, as h:mm:ss; None if it is not from one
    - `section`: the headings above the quote, the outermost first; for a table's row also the header row, and
      for an item of a list also the line that introduces it
    - `line`: the line on which the quote starts, counted from 1; None if the text was extracted and its lines
      are not those of the file

    `extractor` names what extracted the text.
    """

    article_id: str
    title: str
    source: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    page: int | None = Field(default=None, ge=1)
    page_end: int | None = Field(default=None, ge=1)
    ocr: bool = False
    time: str | None = None
    section: tuple[str, ...] = ()
    line: int | None = Field(default=None, ge=1)
    quote: str
    prefix: str
    suffix: str
    context: Span
    extractor: str = ""

    @property
    def id(self) -> str:
        """The place as one string: `article_id#char=start,end` (RFC 5147)."""
        return f"{self.article_id}#char={self.start},{self.end}"

    def url(self, base: str) -> str:
        """Return a URL of the place: `base`, the percent-encoded id, and `#char=start,end` (RFC 5147).

        Slashes in the id stay slashes, except beside "." and "..": whoever opens the URL would resolve these,
        and it would name something else.
        """
        return f"{base.rstrip('/')}/{_in_url(self.article_id.lstrip('/'))}#char={self.start},{self.end}"

    @property
    def pages(self) -> str:
        """The pages for people: "page 3", "pages 3-4", "page 3 (OCR)"; empty if there are no pages."""
        if self.page is None:
            return ""
        shown = f"page {self.page}" if self.page_end is None else f"pages {self.page}-{self.page_end}"
        return f"{shown} (OCR)" if self.ocr else shown

    @property
    def place(self) -> str:
        """The place for people: title, page or time, innermost heading, line and characters."""
        parts = [self.title or self.article_id]
        if self.pages:
            parts.append(self.pages)
        if self.time is not None:
            parts.append(f"at {self.time}")
        if self.section and self.section[-1] != self.title:
            parts.append(f"“{self.section[-1]}”")
        if self.line is not None:
            parts.append(f"line {self.line}")
        return ", ".join([*parts, f"characters {self.start}–{self.end}"])

    def verify(self, article: Article) -> bool:
        """Return whether `article` is the one cited and has the quote and its surroundings at this place."""
        return (
            article.id == self.article_id
            and 0 <= self.start < self.end <= len(article.text)
            and article.text[self.start : self.end] == self.quote
            and article.text.endswith(self.prefix, 0, self.start)
            and article.text.startswith(self.suffix, self.end)
        )

    def verify_source(self) -> SourceCheck:
        """Read the file that `source` names again, and return whether the quote is still there.

        The file is extracted as before if the extracting library still has the same version; another version
        may place or write the quote differently.

        Raises:
            ArticleNotFoundError: there is no such file.
            ArticleReadError: the file can no longer be read.
        """
        import articleqa

        return articleqa.verify_source(self)


def _in_url(article_id: str) -> str:
    """Return an id as the path of a URL that does not change when "." and ".." are resolved."""
    first, *rest = article_id.split("/")
    path = quote(first)
    for before, part in pairwise([first, *rest]):
        path += ("%2F" if {before, part} & _DOTS else "/") + quote(part)
    return path if rest or first not in _DOTS else path.replace(".", "%2E")


_DOTS = frozenset({".", ".."})


class SourceCheck(StrEnum):
    """Whether a source still has what was cited from it."""

    YES = "yes"
    NO = "no"
    OTHER_VERSION = "extracted by another version"
