"""Ask your own articles a question; get the sentences that answer it, word for word, with citations.

The public names are imported when one of them is first used. That takes a third of a second, and before that
the command line must set how it handles Ctrl-C.
"""

from importlib import import_module

TYPE_CHECKING = False
"""True only for type checkers, as in `typing`, which takes long to import."""

if TYPE_CHECKING:
    from articleqa.api import *  # noqa: F403
else:

    def __getattr__(name: str) -> object:
        """Return a public name, or `__all__`, the list of them."""
        api = import_module("articleqa.api")
        if name == "__all__" or name in api.__all__:
            return getattr(api, name)
        raise AttributeError(f"module 'articleqa' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return ["__version__", *import_module("articleqa.api").__all__]


__version__ = "0.1.0"
