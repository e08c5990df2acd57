"""`articleqa ask --open`: the cited file in the user's own viewer, at the cited page or line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath

import click

from articleqa.exceptions import ArticleQAError
from articleqa.loaders.paths import file_at, reason_of
from articleqa.loaders.registry import format_named
from articleqa.models import Citation
from articleqa.printing import one_line

_PLUS_LINE = ("+{line}", "{file}")
_AFTER_COLON = ("{file}:{line}",)
_AT_LINE = {
    **dict.fromkeys(["vi", "vim", "nvim", "view", "nano", "micro", "less"], _PLUS_LINE),
    **dict.fromkeys(["emacs", "emacsclient", "joe", "gedit", "mousepad"], _PLUS_LINE),
    **dict.fromkeys(["subl", "hx", "helix", "zed"], _AFTER_COLON),
    **dict.fromkeys(["code", "codium", "cursor"], ("--goto", *_AFTER_COLON)),
    **dict.fromkeys(["kate", "kwrite"], ("--line", "{line}", "{file}")),
}
"""How each editor is told the line, by the name of its program; from their manuals."""

_AT_PAGE = {
    **dict.fromkeys(["evince", "atril", "xreader", "papers"], ("--page-index={page}", "{file}")),
    "okular": ("--page", "{page}", "{file}"),
    "zathura": ("--page={page}", "{file}"),
    **dict.fromkeys(["mupdf", "xpdf"], ("{file}", "{page}")),
    "qpdfview": ("{file}#{page}",),
    **dict.fromkeys(["firefox", "chromium", "google-chrome"], ("{url}#page={page}",)),
}
"""How each viewer of PDF is told the page, by the name of its program; from their manuals."""

_EDITOR_ADVICE = "name an editor in the variable VISUAL, such as: export VISUAL=nano"


class ViewerError(ArticleQAError):
    """The cited file cannot be opened."""


def open_citation(citation: Citation) -> None:
    """Open the file that has the quote: a PDF at its page, a text at its line in $VISUAL or $EDITOR.

    Any other file, and a PDF if it is not known how its viewer is told the page, is opened as the desktop
    does. A file whose suffix is that of no document is not: the desktop might run it as a program.

    Raises:
        ViewerError: the quote is from no file of this machine, or nothing opens the file.
    """
    file = file_at(citation.source) if citation.source else None
    if file is None:
        named = one_line(citation.source or citation.article_id)
        raise ViewerError(f"{named}: --open finds no such file; was it moved?")
    file = file.absolute()
    if command := _at_line(file, citation.line):
        _run(command, wait=True)
    elif command := _at_page(file, citation.page):
        _run(command, wait=False)
    elif not (file.suffix and format_named(file.name)):
        raise ViewerError(f"{file}: no known kind of document; {_EDITOR_ADVICE}")
    elif not _open_by_desktop(file):
        raise ViewerError(f"{file}: this desktop opens no files; {_EDITOR_ADVICE}")


def _open_by_desktop(file: Path) -> bool:
    """Open a file as if it was clicked on; return whether that worked."""
    if not sys.platform.startswith("linux"):
        return click.launch(str(file)) == 0
    try:
        return subprocess.run(["xdg-open", file], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _run(command: Sequence[str], *, wait: bool) -> None:
    """Run an editor, which may need the terminal, until it ends; or a viewer, beside this program."""
    nowhere = None if wait else subprocess.DEVNULL
    try:
        running = subprocess.Popen(
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=not wait
        )
    except OSError as error:
        raise ViewerError(f"{command[0]}: cannot be started ({reason_of(error)})") from None
    if not wait:
        running.returncode = 0  # so that it is not missed when this program ends first
    elif code := running.wait():
        raise ViewerError(f"{command[0]}: ended with code {code}")


def _at_line(file: Path, line: int | None) -> list[str] | None:
    """Return the command of the user's editor, at `line` if the editor is known."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        editor = shlex.split(named)
    except ValueError:
        raise ViewerError(f"the variable VISUAL or EDITOR has an open quote: {named}") from None
    if not editor or line is None:
        return None
    arguments = _AT_LINE.get(PurePath(editor[0]).stem.lower(), ("{file}",))
    return [*editor, *_filled(arguments, file, line=line)]


def _at_page(file: Path, page: int | None) -> list[str] | None:
    """Return the command of the desktop's viewer of PDF, at `page`; None if it cannot be told the page."""
    if page is None or (program := _pdf_viewer()) is None:
        return None
    return [program, *_filled(_AT_PAGE[program], file, page=page)]


def _pdf_viewer() -> str | None:
    """Return the program that the desktop opens PDF with; None if it does not tell or it is not installed."""
    if not shutil.which("xdg-mime"):
        return None
    asked = ["xdg-mime", "query", "default", "application/pdf"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip().lower()
    # Such as org.gnome.Evince.desktop, okularApplication_pdf.desktop, firefox-esr.desktop.
    return next((name for name in _AT_PAGE if name in told and shutil.which(name)), None)


def _filled(arguments: Sequence[str], file: Path, **numbers: int) -> list[str]:
    return [each.format(file=file, url=file.as_uri(), **numbers) for each in arguments]
