"""Detect mistaken command lines of `ask`, say what is wrong, and suggest the right one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from itertools import takewhile

import click

from articleqa.cli.paths import command_line, exists, how_to_read, index_at, is_url

SHORT_FORM = "articleqa.short_form"
"""The key in `Context.meta` that is set if no command was typed: the first word may be a mistyped one."""

_SIMILAR = 0.7
"""The least similarity (`difflib`) of a mistyped word to a command: "evla" has 0.75, "trail" 0.6."""

_FILE_NAME = re.compile(r"[\w.~-]*/.*|.*\.[a-z]\w{0,8}", re.IGNORECASE | re.DOTALL)
_QUESTION_WITH_DASH = re.compile(r"-[^-a-z]|[^=]*\s|-.*\?$", re.IGNORECASE | re.DOTALL)
_QUESTION_SET = (".json", ".jsonl")


class AskCommand(click.Command):
    """A command that takes a question and paths, and suggests the right command line for a mistaken one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse `args`.

        Raises:
            UsageError: the command line is mistaken; the message suggests the right one.
        """
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        options = (option for option in self.params if isinstance(option, click.Option))
        typed = _Typed(ctx, args, {name for option in options if not option.is_flag for name in option.opts})
        typed.refuse_dash()
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption:
            typed.refuse_verb()
            raise
        typed.refuse_words(
            asks_index=ctx.params["folder"] is not None, has_question=ctx.params["questions"] is None
        )
        return rest


class _Typed:
    """The arguments typed after `articleqa` or `articleqa ask`: words (a question, paths) and options."""

    def __init__(self, ctx: click.Context, args: Sequence[str], takes_value: Collection[str]) -> None:
        self._ctx = ctx
        self._args = [*args]
        self._words: list[str] = []
        self._options: list[str] = []
        self._dashed: int | None = None
        """The position among the words of a question that begins with a dash."""
        rest = [*args]
        while rest:
            arg = rest.pop(0)
            if arg == "--":
                self._words += rest
                break
            if arg == "-" or not arg.startswith("-"):
                self._words.append(arg)
            elif self._dashed is None and _QUESTION_WITH_DASH.match(arg):
                self._dashed = len(self._words)
                self._words.append(arg)
            else:
                self._options.append(arg)
                if arg in takes_value and rest:
                    self._options.append(rest.pop(0))

    def refuse_dash(self) -> None:
        """Raise a usage error if a question begins with a dash and would be read as an option."""
        if self._dashed is None:
            return
        before, first, behind = (
            self._words[: self._dashed],
            self._words[self._dashed],
            self._words[self._dashed + 1 :],
        )
        question, paths = ([], behind) if re.search(r"\s", first) else _split(behind)
        right = command_line(*self._options, "--", " ".join([first, *question]), *before, *paths)
        told = f"{first!r} begins with a dash and is read as an option; put -- before it"
        raise click.UsageError(f"{told}: {right}", self._ctx)

    def refuse_verb(self) -> None:
        """Raise a usage error if the first word looks like a mistyped command."""
        if not (self._words and self._ctx.meta.get(SHORT_FORM)) or exists(self._words[0]):
            return
        word, *_ = self._words
        if verb := self._verb_like(word):
            at = self._args.index(word)
            right = command_line(*verb, *self._args[:at], *self._args[at + 1 :])
            raise click.UsageError(f"{word}: no such command; did you mean: {right}", self._ctx)

    def refuse_words(self, *, asks_index: bool, has_question: bool) -> None:
        """Raise an error unless the words are a question and paths, or only paths without `has_question`."""
        words = self._words
        if has_question and (len(words) == 1 or self._looks_like_command_arguments(words[1:])):
            self.refuse_verb()
        self._refuse_what_is_no_article(asks_index, has_question)
        if not has_question or len(words) < 2:
            return
        given = [*takewhile(_is_path, words)]
        question, paths = _split(words[len(given) :])
        if not question or (given and _FILE_NAME.fullmatch(question[0])):
            return
        if given:
            told = f"{given[0]} is in the place of the question, and {question[0]!r} is not a file"
            right = command_line(" ".join(question), *given, *paths, *self._options)
            raise click.UsageError(f"{told}; put the question first: {right}", self._ctx)
        unquoted = len(question) > 1 and not re.search(r"\s", question[0])
        if unquoted and not _FILE_NAME.fullmatch(question[1]):
            paths = paths or ([] if asks_index else ["PATH"])
            right = command_line(" ".join(question), *paths, *self._options)
            told = f"{question[1]}: no such file or folder; a question of several words needs quotes"
            raise click.UsageError(f"{told}: {right}", self._ctx)

    def _looks_like_command_arguments(self, words: Sequence[str]) -> bool:
        """Return whether `words` look like the arguments of a command rather than paths of articles."""
        return any(
            not _is_path(word) or index_at(word) is not None or word.endswith(_QUESTION_SET) for word in words
        )

    def _refuse_what_is_no_article(self, asks_index: bool, has_question: bool) -> None:
        """Raise an error if there is a URL or an index among the paths."""
        others = [word for word in self._words if not is_url(word) and index_at(word) is None]
        question = next((word for word in others if not exists(word)), "QUESTION")
        for word in self._words:
            if is_url(word):
                raise click.ClickException(how_to_read(word, question))
            if (folder := index_at(word)) and not asks_index:
                asked = command_line(*([question] if has_question else []), "--index", folder, *self._options)
                raise click.ClickException(f"{word}: an index, not articles; ask it with --index: {asked}")

    def _verb_like(self, word: str) -> list[str]:
        """Return the words of the command that `word` resembles, such as ["index", "add"]; empty if none."""
        root = self._ctx.find_root()
        index = root.command.get_command(root, "index") if isinstance(root.command, click.Group) else None
        if not (isinstance(root.command, click.Group) and isinstance(index, click.Group)):
            return []
        verbs = {verb: [verb] for verb in root.command.list_commands(root)}
        verbs |= {verb: ["index", verb] for verb in index.list_commands(root)}
        verbs |= {"help": ["--help"], "version": ["--version"]}
        for verb, meant in verbs.items():
            if len(word) > 2 and (word.startswith(verb) or verb.startswith(word)):
                return meant
        return next((verbs[verb] for verb in get_close_matches(word, verbs, 1, _SIMILAR)), [])


def _is_path(word: str) -> bool:
    return word == "-" or exists(word)


def _split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split `words` into those before the existing paths at the end, and these paths."""
    paths = [*takewhile(_is_path, reversed(words))][::-1]
    return [*words[: len(words) - len(paths)]], paths
