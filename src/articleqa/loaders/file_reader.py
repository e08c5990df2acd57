"""Read the bytes of a file into its articles: one, or as many as a container holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from articleqa.loaders.archives import zip_entries
from articleqa.loaders.encoding import BinaryDataError
from articleqa.loaders.protocol import Fields, Format, NamedData, UnreadableDataError, file_of
from articleqa.loaders.registry import HEAD, TEXT, ZIP, ZIP_SIGNATURE, format_in_zip, format_of
from articleqa.models import Article

DEEPEST = 3
"""Maximum nesting of containers: a compressed crawl within an archive is 3 deep."""


class Reader:
    """Reads files. `lost` lists the parts of containers that could not be read: source and reason of each."""

    def __init__(self, fields: Fields) -> None:
        """Take the fields that records are read by."""
        self._fields = fields
        self.lost: list[tuple[str, str]] = []

    def read(self, file: NamedData) -> Iterator[Article]:
        """Yield the articles of a file; the metadata of each has the SHA-256 of the whole file.

        A file of unknown format is read as plain text. If a file holds several articles, the id and source of
        each begin with those of the file and end with its name in the file.

        Raises:
            UnreadableDataError: the file cannot be read; the message says why.
            BinaryDataError: the file is not text.
        """
        digest = hashlib.sha256(file.data).hexdigest()
        for article in self._read(file, 0):
            yield article.model_copy(update={"metadata": {**article.metadata, "sha256": digest}})

    def load(self, found: Format, file: NamedData) -> Article:
        """Return the article of a file of the format `found`, which is no container."""
        return found.loader()(file.data, file.article_id, file.source)

    def _read(self, file: NamedData, depth: int) -> Iterator[Article]:
        found = format_of(file.name, file.data[:HEAD]) or TEXT
        try:
            if file.data.startswith(ZIP_SIGNATURE):
                found = format_in_zip(*zip_entries(file.data))  # whatever its name says
            if not found.members:
                yield self.load(found, file)
                return
        except UnreadableDataError as error:
            if found is ZIP:
                raise
            # The user knows the file as a document, not as a ZIP archive.
            told = str(error).replace("not a ZIP archive", f"not {file_of(found.name)}")
            raise type(error)(told) if type(error) is UnreadableDataError else error from None
        if depth == DEEPEST:
            raise UnreadableDataError(f"archives nested more than {DEEPEST} deep; unpack it")
        yield from self._read_members(found, file, depth + 1)

    def _read_members(self, container: Format, file: NamedData, depth: int) -> Iterator[Article]:
        for member in container.opener()(file, self._fields):
            if isinstance(member, Article):
                yield member
            elif (
                member.source == file.source
            ):  # not one part of several: what is wrong with it is wrong with all
                yield from self._read(member, depth)
            elif format_of(member.name, member.data[:HEAD]) is not None:
                # Other parts are skipped: an archive of a web page holds its pictures too.
                yield from self._read_part(member, depth)

    def _read_part(self, part: NamedData, depth: int) -> Iterator[Article]:
        try:
            yield from list(self._read(part, depth))
        except BinaryDataError:
            self.lost.append(
                (part.source, "neither text nor a supported format; save it as .txt, .docx or .pdf")
            )
        except UnreadableDataError as error:
            self.lost.append((part.source, str(error)))
        except MemoryError:
            raise
        except Exception as error:  # a library may raise anything on a malicious part
            self.lost.append(
                (
                    part.source,
                    f"cannot be read ({type(error).__name__}: {error}); save it again or in another format",
                )
            )
