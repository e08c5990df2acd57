"""Import modules of nltk quickly.

Where scipy and scikit-learn are installed, nltk imports them too, which takes 1.1 of its 1.4 s of processor
time. Nothing here uses what it needs them for. In processes of this package alone (the command line, workers)
they are hidden from it; elsewhere they are not, because the rest of a program may use nltk for more.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

SLOW = ("scipy", "sklearn")

_hidden = False


def hide_slow_imports() -> None:
    """Let `nltk_module` hide `SLOW` from nltk in this process from now on."""
    global _hidden
    _hidden = True


def nltk_module(name: str) -> ModuleType:
    """Import a module of nltk and return it."""
    hidden = [each for each in SLOW if _hidden and "nltk" not in sys.modules and each not in sys.modules]
    for each in hidden:
        sys.modules[each] = None  # type: ignore[assignment] # imports of it fail
    try:
        return import_module(name)
    finally:
        for each in hidden:
            del sys.modules[each]
