"""Front matter of Markdown: the fields before the text, in YAML, TOML or JSON, and their positions."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import regex
import yaml
from pydantic import JsonValue

from articleqa.models import Block, BlockKind, Span

LONGEST = 20_000
"""Front matter ends within this many characters."""

_DEEPEST = 20
"""The deepest nesting of lists and maps; deeper front matter is read line by line."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's parser is ten times as fast
_LINE = regex.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_JSON_STARTS = regex.compile(r"\{\s*+\"")
_YAML_FIELD = regex.compile(r"([A-Za-z][\w-]*+)[ \t]*+:[ \t]*+([^\r\n]*+)")
_TOML_FIELD = regex.compile(r"[ \t]*+([\w.\"'-]++)[ \t]*+=[ \t]*+(?=\S)")
_TOML_TABLE = regex.compile(r"[ \t]*+\[")

_NAME = regex.compile(r"[a-z0-9_-]*")
"""A value that means nothing without the keys above it ("card: name: concepts")."""

_FOR_MACHINES = regex.compile(
    r"""
      (?:true|false|yes|no|on|off|null|none|~)
    | (?!(?:1[5-9]|20)\d\d\Z)[+-]?\d+          # a number that is not a year
    | [^\s/]*(?:/[^\s/]*)+ | \w++:\S++         # a path, an address
    | [\w-]+\.[a-z][a-z0-9]{1,4}               # the name of a file
    | [0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12} | (?=.*\d)[0-9a-f]{12,}
    | \W*
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
"""Values that mean nothing to people, recognised by their form."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The number of lines of front matter, its fields by lower-case key, and its blocks."""

    lines: int = 0
    fields: dict[str, JsonValue] | None = None
    blocks: tuple[Block, ...] = ()


def front_matter(text: str) -> FrontMatter:
    """Return the front matter at the top of `text`, empty if there is none.

    It is YAML between lines of "---", TOML between lines of "+++", or a JSON object. Values, dates and
    numbers included, are strings as written, or lists and maps of strings. A field is a row from its key to
    the end of its value; a map has a row for each of its fields; a block of text is prose. Fields whose
    values only machines read (paths, addresses, numbers, truth values) have no rows. Invalid YAML and YAML
    with aliases are read as lines of `key: value`.
    """
    head = text[:LONGEST]
    if _JSON_STARTS.match(head):
        return _json(head)
    fence = head[:3]
    if fence not in _FENCES:
        return FrontMatter()
    lines = _LINE.finditer(head)
    opening = next(lines)
    if opening[0].rstrip() != fence:
        return FrontMatter()
    for number, line in enumerate(lines, 2):
        if line[0].rstrip() in _FENCES[fence]:
            read = _toml if fence == "+++" else _yaml
            fields, blocks = read(head[: line.start()], opening.end())
            return FrontMatter(number, fields, tuple(blocks))
    return FrontMatter()


def _json(head: str) -> FrontMatter:
    try:
        fields, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(head)
    except (ValueError, RecursionError):
        return FrontMatter()
    if not isinstance(fields, dict) or head[end : end + 1] not in ("", "\r", "\n"):
        return FrontMatter()
    _, blocks = _yaml(head[:end], 0)  # JSON is YAML, and the YAML parser gives the position of each value
    lines = sum(1 for found in _LINE.finditer(head, 0, end) if found.end() > found.start())
    return FrontMatter(lines, {key.lower(): _as_text(value) for key, value in fields.items()}, tuple(blocks))


def _yaml(head: str, start: int) -> tuple[dict[str, JsonValue], list[Block]]:
    """Return the fields of the YAML `head[start:]` and their rows."""
    reader = _YamlReader(head, start)
    try:
        reader.read()
    except (yaml.YAMLError, _RefusedError):
        return _yaml_lines(head, start)
    return reader.fields, reader.blocks


def _yaml_lines(head: str, start: int) -> tuple[dict[str, JsonValue], list[Block]]:
    fields: dict[str, JsonValue] = {}
    blocks: list[Block] = []
    for line in _LINE.finditer(head, start):
        found = _YAML_FIELD.match(head, line.start(), line.end())
        value = found[2].strip("\"' \t") if found else ""
        if found and value:
            fields[found[1].lower()] = _listed(value)
            blocks += _row(head, found.start(), found.end(), [value])
    return fields, blocks


def _listed(value: str) -> JsonValue:
    """Return a value in brackets as a list, and any other value unchanged."""
    if not (value.startswith("[") and value.endswith("]")):
        return value
    return [item.strip("\"' ") for item in value[1:-1].split(",") if item.strip("\"' ")]


class _RefusedError(Exception):
    """YAML of a kind that front matter does not need."""


class _YamlReader:
    """Reads YAML event by event: creates only strings, lists and maps, with limited nesting."""

    def __init__(self, head: str, start: int) -> None:
        self.fields: dict[str, JsonValue] = {}
        self.blocks: list[Block] = []
        self._head = head
        self._start = start
        self._events: Iterator[Any] = yaml.parse(head[start:], Loader=_LOADER)

    def read(self) -> None:
        """Fill `fields` and `blocks`.

        Raises:
            yaml.YAMLError: The text is not valid YAML.
            _RefusedError: It is not a map, has aliases, or is nested too deeply.
        """
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                self.fields = {key.lower(): value for key, value in self._map(0).items()}
                return
            if isinstance(event, yaml.NodeEvent):
                raise _RefusedError

    def _map(self, depth: int) -> dict[str, JsonValue]:
        fields: dict[str, JsonValue] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            if not isinstance(key, yaml.ScalarEvent):
                raise _RefusedError
            value = self._value(next(self._events), depth + 1, self._place(key.start_mark))
            if value not in (None, "", [], {}):
                fields[key.value] = value
        return fields

    def _value(self, event: Any, depth: int, key: int) -> JsonValue:
        """Return the value that opens with `event`, and store the rows of the field that starts at `key`."""
        if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            raise _RefusedError
        if isinstance(event, yaml.MappingStartEvent):
            return dict(self._map(depth))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth, key)
        start, end = self._place(event.start_mark), self._place(event.end_mark)
        if event.style in ("|", ">"):
            self.blocks += _text_block(self._head, start, end, is_folded=event.style == ">")
        elif depth == 1 or not _NAME.fullmatch(event.value):
            self.blocks += _row(self._head, key, end, [event.value])
        return _scalar(event)

    def _list(self, depth: int, key: int) -> list[JsonValue]:
        """Return a list.

        A list of plain values has one row, from its key on; in any other, each field has a row.
        """
        items: list[JsonValue] = []
        before = len(self.blocks)
        start = end = key
        is_plain = True
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            is_plain = is_plain and isinstance(event, yaml.ScalarEvent)
            start, end = self._place(event.start_mark), self._place(event.end_mark)
            items.append(self._value(event, depth + 1, start))
        if is_plain and items:
            is_flow = self._head[end : self._place(event.end_mark)].strip(" \t,\r\n") == "]"
            del self.blocks[before:]
            row_end = self._place(event.end_mark) if is_flow else end
            self.blocks += _row(self._head, key, row_end, [str(item) for item in items])
        return items

    def _place(self, mark: Any) -> int:
        return self._start + int(mark.index)


def _scalar(event: Any) -> JsonValue:
    """Return a scalar as written, or None if it is empty or null."""
    value = " ".join(event.value.split()) if event.style != "|" else event.value.strip()
    is_null = event.style is None and value.lower() in ("", "~", "null")
    return None if is_null else value


def _toml(head: str, start: int) -> tuple[dict[str, JsonValue], list[Block]]:
    """Return the fields of the TOML `head[start:]` and their rows."""
    try:
        fields = tomllib.loads(head[start:].replace("\r\n", "\n").replace("\r", "\n"), parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}, []
    blocks: list[Block] = []
    row = -1
    end = start
    for line in _LINE.finditer(head, start):
        opens = _TOML_FIELD.match(head, line.start(), line.end())
        if row >= 0 and (opens or _TOML_TABLE.match(head, line.start(), line.end())):
            blocks += _toml_row(head, row, end)
            row = -1
        if opens:
            row = opens.start(1)
        end = line.end()
    if row >= 0:
        blocks += _toml_row(head, row, end)
    return {key.lower(): _as_text(value) for key, value in fields.items()}, blocks


def _toml_row(head: str, start: int, end: int) -> list[Block]:
    value = head[start:end].partition("=")[2].strip(" \t\r\n\"'")
    return _row(head, start, end, [value])


def _as_text(value: object) -> JsonValue:
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)


def _row(head: str, start: int, end: int, values: list[str]) -> list[Block]:
    """Return the row of a field, or an empty list if only machines read its values."""
    if all(_FOR_MACHINES.fullmatch(value.strip()) for value in values):
        return []
    return [Block(BlockKind.ROW, Span(start, start + len(head[start:end].rstrip())))]


def _text_block(head: str, start: int, end: int, is_folded: bool) -> list[Block]:
    """Return the text of a block scalar as a block, without the indicator that opens it."""
    first = _LINE.match(head, start)
    text = head[first.end() : end] if first else ""
    left = len(text) - len(text.lstrip())
    if first is None or not text.strip():
        return []
    begin = first.end()
    span = Span(begin + left, begin + len(text.rstrip()))
    return [Block(BlockKind.PROSE, span, hard_wrapped=is_folded)]
