"""Ctrl-C handling while there is nothing to clean up: the process ends at once, without a traceback."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit code that a shell reports for a program ended by SIGINT."""

_Handler = Callable[[int, FrameType | None], object] | signal.Handlers


def killed_by_ctrl_c() -> AbstractContextManager[None]:
    """Let Ctrl-C kill the process while modules are imported and the command line is read.

    A `KeyboardInterrupt` would be raised somewhere inside the module that is being imported, and that module
    may print it, swallow it or turn it into another exception. If Ctrl-C is handled in another way, or
    ignored as under nohup, nothing changes.
    """
    return _handled_by(signal.SIG_DFL, instead_of=signal.default_int_handler)


def raising_on_ctrl_c() -> AbstractContextManager[None]:
    """Let Ctrl-C raise `KeyboardInterrupt` again, within `killed_by_ctrl_c`, while a command runs."""
    return _handled_by(signal.default_int_handler, instead_of=signal.SIG_DFL)


@contextmanager
def _handled_by(handler: _Handler, *, instead_of: _Handler) -> Iterator[None]:
    """Let another handler handle Ctrl-C, if `instead_of` does so now and this is the main thread."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not instead_of:
        yield
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, instead_of)
