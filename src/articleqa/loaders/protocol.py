"""The interface of all loaders.

A loader is a function `(data, article_id, source) -> Article`, in a module of its own. The text that it
extracts becomes the article's text; `metadata["extractor"]` names the extractor and its version. The loader
of a container, which holds several articles, is a function `(file, fields)` that yields these articles, and
the files in it that are to be read in turn. A `Format` says which files a loader is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import NamedTuple, cast

from articleqa.models import Article

Loader = Callable[[bytes, str, str], Article]


class NamedData(NamedTuple):
    """The bytes of a file, the file's name, and the id and source of an article made from them."""

    data: bytes
    name: str
    article_id: str
    source: str


class Fields(NamedTuple):
    """The names of the fields that hold an article's text, title and id.

    A name that is None or empty is chosen by the first record. The text is the first that it has of `text`,
    `body`, `content`, `article` and `maintext`; the title is the first of `title`, `headline` and `name`; the
    id is `id`.
    """

    text: str | None = None
    title: str | None = None
    id: str | None = None


Members = Callable[[NamedData, Fields], Iterator[Article | NamedData]]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: which files have it, and what loads them.

    - `name`: for messages
    - `suffixes`: of its files, in lower case with their dot; "" stands for no suffix
    - `load`: its `Loader`, or "module:function", which is imported on first use
    - `members`: instead of `load`, the same for a container
    - `library`: the module that takes the loader longest to import, if any: worker processes import it once
      for all of them
    - `is_text`: its files are read at once, in the calling process
    - `sniff(name, head)`: whether a file certainly has this format by the first bytes of its content (and its
      name), whatever its suffix
    - `sniff_zip(names, mimetype)`: the same for a format whose files are ZIP archives, by the names in the
      archive and the content of its entry "mimetype" (empty if there is none)
    - `guess(head)`: whether a file without a known suffix looks like this format
    """

    name: str
    suffixes: tuple[str, ...] = ()
    load: Loader | str = ""
    members: Members | str = ""
    library: str = ""
    is_text: bool = False
    sniff: Callable[[str, bytes], bool] | None = None
    sniff_zip: Callable[[frozenset[str], bytes], bool] | None = None
    guess: Callable[[bytes], bool] | None = None

    def __post_init__(self) -> None:
        """Refuse wrong suffixes, and a format without a loader or with two."""
        if isinstance(self.suffixes, str) or not all(
            suffix == "" or (suffix.startswith(".") and suffix == suffix.lower()) for suffix in self.suffixes
        ):
            raise ValueError(
                f"suffixes must be in lower case with their dot, such as ('.srt',), not {self.suffixes!r}"
            )
        if bool(self.load) == bool(self.members):
            raise ValueError(f"the format {self.name!r} must have either load or members")

    def is_importable(self) -> bool:
        """Return whether another process can import all functions of this format."""
        functions = (self.load, self.members, self.sniff, self.sniff_zip, self.guess)
        return all(
            isinstance(each, str)
            or (
                getattr(each, "__module__", "__main__") != "__main__"
                and "<" not in getattr(each, "__qualname__", "<")
            )
            for each in functions
            if each is not None
        )

    def modules(self) -> tuple[str, ...]:
        """Return the names of the modules that loading a file imports first."""
        functions = (each for each in (self.load, self.members) if isinstance(each, str))
        return tuple(name for each in (*functions, self.library) if (name := each.partition(":")[0]))

    def loader(self) -> Loader:
        """Return the function that loads a file."""
        return cast(Loader, _imported(self.load))

    def opener(self) -> Members:
        """Return the function that opens a container."""
        return cast(Members, _imported(self.members))


def _imported(given: object) -> object:
    if not isinstance(given, str):
        return given
    module, _, function = given.partition(":")
    return getattr(import_module(module), function)


TEXT_TYPES = frozenset({"text/plain", "text/markdown", "text/x-rst"})
"""Media types of articles whose text is the text of their file, line by line."""


class UnreadableDataError(ValueError):
    """A loader cannot read the data: it is damaged, locked, or not in the loader's format.

    The message goes after the file's name, and says what is wrong and what to do: "locked by a password; save
    it without one".
    """


class MissingLibraryError(UnreadableDataError):
    """The library that a format needs is not installed; the message says how to install it."""

    def __init__(self, extra: str, package: str = "articleqa") -> None:
        """Take the extra that installs the library, and its package; "" if the package itself installs it."""
        wanted = f"{package}[{extra}]" if extra else package
        super().__init__(f"reading it needs a library: pip install '{wanted}'")


def file_of(format_name: str) -> str:
    """Return "a DOCX file", "an XLSX file": abbreviations are spoken letter by letter."""
    spoken = "AEFHILMNORSX" if format_name.isupper() else "AEIOUaeiou"
    return f"{'an' if format_name[:1] in tuple(spoken) else 'a'} {format_name} file"


def optional_import(module: str, *, extra: str, package: str = "articleqa") -> ModuleType:
    """Import a module of a library that an extra of `package` installs, and return it.

    A format of another package names that package, and `extra=""` if the library is a package to install
    as it is: `optional_import("pysrt", extra="", package="pysrt")`.

    Raises:
        MissingLibraryError: it is not installed; the message says how to install it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingLibraryError(extra, package) from error


@cache
def library_version(name: str) -> str:
    """Return the version of an installed library; reading it takes 2 ms, so it is read once a process."""
    from importlib.metadata import version  # longer to import than the rest of this module

    return version(name)
