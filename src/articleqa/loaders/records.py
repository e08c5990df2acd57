"""Load records as articles: the lines of a JSONL file, the rows of a CSV or TSV file."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

import regex
from pydantic import JsonValue, ValidationError

from articleqa.loaders.encoding import BinaryDataError, Decoded, decode
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError
from articleqa.loaders.text_builder import TextBuilder
from articleqa.loaders.titles import shortened, title_of
from articleqa.models import Article

EXTRACTOR = "articleqa/records-1"

LONGEST_FIELD = 100_000_000
"""Maximum characters of a CSV field; the csv module's own limit is far below a long article."""

_TEXT = ("text", "body", "content", "article", "maintext")
_TITLE = ("title", "headline", "name")
_ID = ("id",)
_KNOWN_METADATA = {"author", "date", "language", "url"}
"""Metadata with a meaning, whatever the case in which a file writes their names."""

_RESERVED_METADATA = {"record", "extractor", "encoding", "replaced_characters"}
"""Metadata that says how the file was read; a field of the file must not set it."""

_STATED_DELIMITER = regex.compile(r"sep=([,;\t|])[ \t]*\r?\n", regex.IGNORECASE)
"""The first line of a CSV file for Excel may name the delimiter."""

_NAMES_SHOWN = 20
_LONGEST_HEADER = 2_000
_CSV_LIMIT = threading.Lock()


FOUND = Fields()
"""All fields are chosen by the first record."""


def fields_of(extractor: str) -> Fields:
    """Return the fields with which records were read, from the `extractor` in their metadata."""
    _, _, names = extractor.partition(f"{EXTRACTOR} ")
    return Fields(*json.loads(names)) if names else Fields()


_CsvRow = tuple[int, list[str]]
"""A row, and the number of its first line."""


class _Record(NamedTuple):
    line: int
    values: Mapping[str, JsonValue]


def jsonl_members(file: NamedData, fields: Fields) -> Iterator[Article]:
    """Yield the articles of a JSONL file; see `load_jsonl`."""
    return load_jsonl(file.data, file.article_id, file.source, fields)


def csv_members(file: NamedData, fields: Fields) -> Iterator[Article]:
    """Yield the articles of a CSV or TSV file; see `load_csv`."""
    return load_csv(file.data, file.article_id, file.source, fields)


def load_jsonl(data: bytes, article_id: str, source: str, fields: Fields = FOUND) -> Iterator[Article]:
    """Yield an article for each line of JSON Lines; blank lines are skipped.

    An article's id is `article_id`, "#", and the record's own id or else its line number (counted from 1);
    its source is made in the same way. Its text is the value of the text field, unchanged. Other fields
    become metadata if they hold plain values or lists of them.

    Raises:
        UnreadableDataError: the file is not text, or a line is not a JSON object, lacks the text or a field
            that was named, or has the same id as another line. Discard all articles of such a file.
    """
    decoded = _decoded(data)
    return _articles(_json_records(decoded.text), "application/x-ndjson", article_id, source, fields, decoded)


def load_csv(data: bytes, article_id: str, source: str, fields: Fields = FOUND) -> Iterator[Article]:
    """Yield an article for each row below the header row; blank lines are skipped.

    Fields are separated by commas, semicolons, tabs or bars, as the header row is, and may be quoted.
    A row's number is that of its first line. Everything else is as in `load_jsonl`, but a file without a
    field for the text is one article: a table with a header row.

    Raises:
        UnreadableDataError: as in `load_jsonl`; also if a row has more fields than the header row, or a
            quotation mark is misplaced.
    """
    decoded = _decoded(data)
    rows = _csv_rows(decoded.text)
    names = [name.strip() for name in rows[0][1]] if rows else []
    if len(names) > 1 and not any((*fields, _named(names, _TEXT))):
        return iter([_table(rows, names, article_id, source, decoded)])
    return _articles(_csv_records(rows, names), "text/csv", article_id, source, fields, decoded)


def _decoded(data: bytes) -> Decoded:
    try:
        return decode(data)
    except BinaryDataError:
        raise UnreadableDataError("not a text file; save it as UTF-8") from None


def _json_records(text: str) -> Iterator[_Record]:
    # Not splitlines: a JSON string may contain other line ends unescaped.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise UnreadableDataError(f"line {number}: not a JSON object; write one object a line")
        yield _Record(number, values)


def _refuse(constant: str) -> JsonValue:
    raise ValueError(f"{constant} is not JSON")


def _csv_records(rows: Sequence[_CsvRow], names: Sequence[str]) -> Iterator[_Record]:
    for line, row in rows[1:]:
        _check_width(line, row, names)
        yield _Record(line, {name: value for name, value in zip(names, row, strict=False) if name})


def _check_width(line: int, row: Sequence[str], names: Sequence[str]) -> None:
    if len(row) > len(names):
        raise UnreadableDataError(
            f"line {line}: {len(row)} fields, but the header has {len(names)};"
            " put fields with separators in quotation marks"
        )


def _table(
    rows: Sequence[_CsvRow], names: Sequence[str], article_id: str, source: str, decoded: Decoded
) -> Article:
    """Return a CSV file as one article, with a row of its table for each row."""
    builder = TextBuilder()
    builder.header_row(names)
    for line, row in rows[1:]:
        _check_width(line, row, names)
        builder.row([*row, *([""] * (len(names) - len(row)))])
    metadata: dict[str, JsonValue] = (
        {"encoding": decoded.encoding, "replaced_characters": decoded.replaced} if decoded.replaced else {}
    )
    return builder.article(
        article_id,
        source,
        title=PurePath(article_id).stem,
        media_type="text/csv",
        extractor=f"{EXTRACTOR} {json.dumps(FOUND)}",
        metadata=metadata,
    )


def _csv_rows(text: str) -> list[_CsvRow]:
    """Return the non-blank rows, each with the number of its first line."""
    rows: list[_CsvRow] = []
    stated = _STATED_DELIMITER.match(text)
    delimiter = stated[1] if stated else _delimiter(text)
    text = text[stated.end() :] if stated else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    # The limit applies to the whole process, so it is raised only for these rows, by one thread at a time.
    with _CSV_LIMIT:
        before = csv.field_size_limit(LONGEST_FIELD)
        above = 1 if stated else 0
        line = above + 1
        try:
            for row in reader:
                if row:
                    rows.append((line, row))
                line = above + reader.line_num + 1
        except csv.Error as error:
            raise UnreadableDataError(f"line {line}: {error}; save it as CSV again") from None
        finally:
            csv.field_size_limit(before)
    return rows


def _delimiter(text: str) -> str:
    # Decided by the header alone, because the texts below are full of commas and quotation marks.
    header = text.lstrip().split("\n", 1)[0][:_LONGEST_HEADER]
    try:
        return csv.Sniffer().sniff(header, delimiters=",;\t|").delimiter
    except csv.Error:  # the header has a single field
        return ","


def _articles(
    records: Iterator[_Record],
    media_type: str,
    article_id: str,
    source: str,
    fields: Fields,
    decoded: Decoded,
) -> Iterator[Article]:
    chosen: Fields | None = None
    lines: dict[str, int] = {}
    for record in records:
        chosen = chosen or _chosen(record, fields)
        article = _article(record, article_id, source, chosen, decoded)
        article = article.model_copy(update={"media_type": media_type})
        if article.id in lines:
            raise UnreadableDataError(
                f"line {record.line}: has the same id as line {lines[article.id]}, {article.id!r};"
                " give each an id of its own"
            )
        lines[article.id] = record.line
        yield article


def _chosen(first: _Record, fields: Fields) -> Fields:
    """Return `fields` with the missing names chosen by what the first record has."""
    for name in fields:
        if name and name not in first.values:
            raise _lacks(first, f"no field {name!r}")
    text = fields.text or _first(first, _TEXT)
    if not text:
        raise _lacks(first, f"none of the fields {', '.join(_TEXT)}")
    return Fields(text, fields.title or _first(first, _TITLE), fields.id or _first(first, _ID))


def _first(record: _Record, names: tuple[str, ...]) -> str:
    return _named(record.values, names)


def _named(fields: Iterable[str], names: tuple[str, ...]) -> str:
    """Return the field with the first of `names` that a file has, in whatever case; empty if it has none."""
    known: dict[str, str] = {}
    for field in fields:
        known.setdefault(field.casefold(), field)
    return next((known[name] for name in names if name in known), "")


def _lacks(record: _Record, what: str) -> UnreadableDataError:
    names = [*record.values][:_NAMES_SHOWN]
    return UnreadableDataError(
        f"line {record.line}: {what}; it has: {', '.join(names)} (--text-field and --title-field name others)"
    )


def _article(record: _Record, article_id: str, source: str, fields: Fields, decoded: Decoded) -> Article:
    values = dict(record.values)
    text = values.pop(fields.text or "", None)
    if text is None:
        raise _lacks(record, f"no field {fields.text!r}")
    if not isinstance(text, str):
        raise UnreadableDataError(
            f"line {record.line}: the field {fields.text!r} is not text; name another with --text-field"
        )
    key = _word(values.pop(fields.id or "", None)) or str(record.line)
    title = _word(values.pop(fields.title or "", None)) or title_of(text) or key
    metadata: dict[str, JsonValue] = {
        name.casefold() if name.casefold() in _KNOWN_METADATA else name: value
        for name, value in values.items()
        if name not in _RESERVED_METADATA and value not in (None, "") and _is_plain(value)
    }
    metadata |= {"record": record.line, "extractor": f"{EXTRACTOR} {json.dumps(fields)}"}
    if decoded.replaced and "\ufffd" in text:
        metadata |= {"encoding": decoded.encoding, "replaced_characters": text.count("\ufffd")}
    try:
        return Article(
            id=f"{article_id}#{key}",
            title=shortened(title),
            text=text,
            source=f"{source}#{key}",
            metadata=metadata,
        )
    except ValidationError:
        raise UnreadableDataError(
            f"line {record.line}: holds half of a surrogate pair, or a number that is too large;"
            " correct or remove the line"
        ) from None


def _is_plain(value: JsonValue) -> bool:
    """Return whether a value is a single string, number or boolean, or a list of these."""
    items = value if isinstance(value, list) else [value]
    return not any(isinstance(item, dict | list) for item in items)


def _word(value: JsonValue) -> str:
    """Return a single value as text on one line; empty for a list, an object or null."""
    return "" if value is None or isinstance(value, dict | list) else " ".join(str(value).split())
