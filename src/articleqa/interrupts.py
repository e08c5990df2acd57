"""Ctrl-C handling while there is nothing to clean up: the process ends at once, without a traceback."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""The exit code that a shell reports for a program ended by SIGINT."""


@contextmanager
def killed_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C kill the process while modules are imported and the command line is read.

    A `KeyboardInterrupt` would be raised somewhere inside the module that is being imported, and that module
    may print it, swallow it or turn it into another exception. If Ctrl-C is handled in another way, or
    ignored as under nohup, nothing changes.
    """
    if not _raises_keyboard_interrupt():
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def raising_on_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C raise `KeyboardInterrupt` again, within `killed_by_ctrl_c`, while a command runs."""
    if not _in_main_thread() or signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _raises_keyboard_interrupt() -> bool:
    return _in_main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
