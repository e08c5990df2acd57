"""Import modules of nltk alone, without the rest of nltk.

`import nltk` imports all of its parts, and scipy and scikit-learn where they are installed: 0.13 s of
processor time without these two, 1.4 s with them. The stemmer alone takes 4 ms. In processes of this package
alone (the command line, workers) only the module asked for is imported, with the few that it uses itself.
Elsewhere nltk is imported as usual, because another thread of the program may be importing it too.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import Lock
from types import ModuleType

_PACKAGES = ("nltk", "nltk.corpus", "nltk.metrics", "nltk.stem", "nltk.tokenize")
"""The packages whose own code imports too much."""

_lock = Lock()
_alone = False


def import_parts_alone() -> None:
    """Let `nltk_module` import the module asked for alone in this process from now on."""
    global _alone
    _alone = True


def nltk_module(name: str) -> ModuleType:
    """Import a module of nltk and return it; what is imported alone is not left in `sys.modules`."""
    if _alone:
        with _lock, suppress(ImportError):  # a version of nltk may need more
            return _imported_alone(name)
    return import_module(name)


def _imported_alone(name: str) -> ModuleType:
    if "nltk" in sys.modules:  # a loader of another package may have imported all of it
        return import_module(name)
    try:
        for package in _PACKAGES:
            sys.modules[package] = _without_its_code(package)
        # The stemmer imports it from nltk.corpus, and never uses it unless it is told to.
        vars(sys.modules["nltk.corpus"])["stopwords"] = None
        return import_module(name)
    finally:
        for each in [each for each in sys.modules if each.partition(".")[0] == "nltk"]:
            del sys.modules[each]


def _without_its_code(package: str) -> ModuleType:
    """Return a package that has not run its code, but whose modules can be imported."""
    spec = find_spec(package)
    if spec is None:
        raise ImportError(f"{package} is not installed")
    return module_from_spec(spec)
