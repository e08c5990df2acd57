"""The command line: `articleqa "QUESTION" PATH...`, and one module per command.

Each command calls the library; this package only decides on wording, layout and exit codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from articleqa.cli.output import silence_output, write_failure
from articleqa.cli.usage_hints import SHORT_FORM
from articleqa.exceptions import ArticleQAError
from articleqa.interrupts import INTERRUPTED, killed_by_ctrl_c, raising_on_ctrl_c
from articleqa.printing import one_line

VERBS = {
    "ask": "articleqa.cli.ask:ask_command",
    "index": "articleqa.cli.index:index_command",
    "serve": "articleqa.cli.serve:serve_command",
    "mcp": "articleqa.cli.mcp:mcp_command",
    "eval": "articleqa.cli.eval:evaluate_command",
    "train": "articleqa.cli.train:train_command",
    "calibrate": "articleqa.cli.calibrate:calibrate_command",
    "cache": "articleqa.cli.cache:cache_command",
    "completion": "articleqa.cli.completion:completion_command",
}
"""The module and function of each command; imported when used, so that `ask` does not load the others."""

BROKEN_PIPE = 141
"""The exit code that a shell reports for a program ended by SIGPIPE."""


NO_THREAD = "can't start new thread"
"""What Python says where the system's limit of processes and threads is reached."""


class Failure(click.ClickException):
    """Bad input: one line on standard error that names the file, folder or option; exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the message on one line."""
        click.echo(f"articleqa: {one_line(self.message)}", file=file, err=file is None)


class Verbs(click.Group):
    """The group of commands; a command line that names none of them runs `ask`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help text."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command; None if there is no such command."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        with killed_by_ctrl_c():
            command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move the command's name to the front before parsing; add `ask` if none is given."""
        with _errors_to_exit_codes(ctx):
            if not args and not ctx.resilient_parsing:
                click.echo(ctx.get_help(), err=True)
                ctx.exit(click.UsageError.exit_code)
            if args and args[0] not in ctx.help_option_names:
                args = self._verb_first(ctx, args)
            return super().parse_args(ctx, args)

    def _verb_first(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return `args` with the command's name in front: the first positional argument, or else `ask`."""
        takes_value = {
            name for option in self._ask_options(ctx) if not option.is_flag for name in option.opts
        }
        at = 0
        while at < len(args) and args[at].startswith("-") and args[at] not in ("-", "--"):
            at += 2 if args[at] in takes_value else 1
        if at < len(args) and args[at] in VERBS:
            return [args[at], *args[:at], *args[at + 1 :]]
        ctx.meta[SHORT_FORM] = True
        return ["ask", *args]

    def _ask_options(self, ctx: click.Context) -> list[click.Option]:
        ask = self.get_command(ctx, "ask")
        return [parameter for parameter in ask.params if isinstance(parameter, click.Option)] if ask else []

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the usage line of the short form."""
        return ["[OPTIONS]", "QUESTION", "PATH..."]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the short form, which are those of `ask`, and the commands."""
        options = [*self._ask_options(ctx), *self.get_params(ctx)]
        with formatter.section("Options"):
            formatter.write_dl([record for option in options if (record := option.get_help_record(ctx))])
        self.format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the first word: a command, an option of the short form, or a path to ask."""
        if incomplete.startswith("-"):
            ask = self.get_command(ctx, "ask")
            return ask.shell_complete(ctx, incomplete) if ask else []
        verbs = [CompletionItem(verb) for verb in VERBS if verb.startswith(incomplete)]
        return verbs or [CompletionItem(incomplete, type="file")]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn expected exceptions into one line and an exit code."""
        with _errors_to_exit_codes(ctx), raising_on_ctrl_c():
            return super().invoke(ctx)


@contextmanager
def _errors_to_exit_codes(ctx: click.Context) -> Iterator[None]:
    """Turn expected exceptions, Ctrl-C and failed writes into at most one line and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        ctx.exit(INTERRUPTED)
    except BrokenPipeError:
        silence_output()
        ctx.exit(BROKEN_PIPE)
    except ArticleQAError as error:
        raise Failure(str(error)) from error
    except click.ClickException as error:
        if type(error) is not click.ClickException:  # usage errors show themselves
            raise
        raise Failure(error.message) from error
    except RuntimeError as error:
        if str(error) != NO_THREAD:
            raise
        raise Failure("the system lets no more threads start; raise its limit (ulimit -u)") from error
    except OSError as error:
        # click writes help and version itself, without `emit`, so failed writes arrive here.
        if (failure := write_failure(error)) is None:
            raise
        silence_output()
        raise Failure(failure) from error


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Ask your own articles a question.

    Print the sentences that answer it, word for word, with citations; or say that the articles do not answer.

    \b
    Examples:
      articleqa "When was the confederation shut down?" seeds/
      articleqa "Who wrote the report?" notes/ report.md --top 5 --explain
      curl -s https://example.org/a.txt | articleqa "Who pays?" - --json
      articleqa notes/                     prompts for questions, in a terminal
      articleqa index add kb/ news/        adds articles to an index on disk, for --index kb/
      articleqa -- "-40 degrees is where?" notes/
      articleqa ask eval notes/            for a question that is the name of a command
    """
