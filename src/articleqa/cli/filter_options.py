"""The options `--where`, `--since` and `--until`, which select the articles to ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Self

import click
from pydantic import JsonValue

from articleqa.filters import Filter

Command = Callable[..., Any]


def choice_options(command: Command) -> Command:
    """Add the three options to a command, as the parameters `where`, `since` and `until`."""
    for name, words in (
        ("until", "Only articles of this date or earlier."),
        ("since", "Only articles of this date or later: 2020-05-17, 2020-05, 2020."),
    ):
        command = click.option(f"--{name}", metavar="DATE", help=words)(command)
    return click.option(
        "--where",
        multiple=True,
        metavar="KEY=VALUE",
        help="Only articles with this metadata; repeat a KEY to accept any of its values.",
    )(command)


class Choice(NamedTuple):
    """The articles to ask, as `ArticleIndex.ask` takes them."""

    where: Mapping[str, JsonValue] | None
    since: str | None
    until: str | None

    @classmethod
    def of(cls, where: Sequence[str], since: str | None, until: str | None) -> Self:
        """Return the choice for the values of the options.

        Raises:
            BadParameter: a value cannot be parsed.
        """
        wanted: dict[str, list[JsonValue]] = {}
        for each in where:
            key, equals, value = each.partition("=")
            if not (key and equals):
                raise click.BadParameter(f"{each!r} is not KEY=VALUE", param_hint="--where")
            wanted.setdefault(key, []).extend(_readings(value))
        try:
            Filter.of(None, since, until)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--since or --until") from None
        return cls({key: list(values) for key, values in wanted.items()} or None, since, until)


def _readings(value: str) -> list[JsonValue]:
    """Return the metadata values that `value` may mean: the text, and any number, boolean or null."""
    try:
        spelt = json.loads(value)
    except ValueError:
        return [value]
    return [value] if isinstance(spelt, str | list | dict) else [value, spelt]
