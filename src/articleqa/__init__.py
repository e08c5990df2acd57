"""Ask your own articles a question; get the sentences that answer it, word for word, with citations.

The names are imported when the first of them is used, which takes a third of a second: the command line must
be able to decide before that what Ctrl-C does.
"""

from importlib import import_module

TYPE_CHECKING = False
"""True for type checkers alone, as in `typing`, which takes long to import."""

if TYPE_CHECKING:
    from articleqa.api import *  # noqa: F403
else:

    def __getattr__(name: str) -> object:
        """Return a public name, or the list of them."""
        api = import_module("articleqa.api")
        if name == "__all__" or name in api.__all__:
            return getattr(api, name)
        raise AttributeError(f"module 'articleqa' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return ["__version__", *import_module("articleqa.api").__all__]


__version__ = "0.1.0"
