"""`articleqa completion`: the script that completes the command line in a shell."""

from __future__ import annotations

import os
from pathlib import PurePath

import click
from click.shell_completion import get_completion_class

from articleqa.cli.output import emit

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", required=False, type=click.Choice(SHELLS), metavar="[bash|zsh|fish]")
@click.pass_context
def completion_command(context: click.Context, shell: str | None) -> None:
    """Print the script that completes articleqa's commands, options and paths with the Tab key.

    Without a name of a shell, it is for the one that the variable SHELL names.

    \b
    Once and for all:
      bash  echo 'eval "$(articleqa completion bash)"' >> ~/.bashrc
      zsh   echo 'autoload -Uz compinit; compinit; eval "$(articleqa completion zsh)"' >> ~/.zshrc
      fish  articleqa completion fish > ~/.config/fish/completions/articleqa.fish
    """
    shell = shell or PurePath(os.environ.get("SHELL", "")).name
    if shell not in SHELLS:
        raise click.UsageError(f"name a shell: {', '.join(SHELLS)}; such as: articleqa completion bash")
    of_shell = get_completion_class(shell)
    assert of_shell is not None
    root = context.find_root()
    emit(of_shell(root.command, {}, "articleqa", "_ARTICLEQA_COMPLETE").source() + "\n")
