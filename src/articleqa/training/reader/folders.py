"""Extract the folders of `eval/folders` from clones: `python -m articleqa.training.reader.folders`.

`sources.json` names each folder's repository, its commit, and which of its files to take: those whose path
matches, in an order shuffled by a seed (the folder's name by default), up to a number.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from articleqa.models import Model

LEAST_BYTES, MOST_BYTES, MOST_BYTES_ALONE = 400, 200_000, 2_000_000
"""Files outside these sizes are left out; the only file of a folder, such as a book, may be longer."""

_TEMPLATE = re.compile(r"(\.html)?\.md\.erb$|\.erb$|\.mdx$")
"""Suffixes of files that are Markdown under another name."""


class Source(Model):
    """Where a folder's files come from."""

    name: str
    repository: str
    commit: str
    files: str
    most: int
    licence: str
    held_out: bool = False
    below: str = ""
    seed: int | None = None
    least_bytes: int = LEAST_BYTES


def main(arguments: list[str] | None = None) -> None:
    """Write the files of each folder to `--out`, under its name.

    Raises:
        OSError: a file cannot be read or written.
        subprocess.CalledProcessError: a clone is missing, or lacks the commit.
        pydantic.ValidationError: `sources.json` is damaged.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.folders", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("sources", type=Path, help="sources.json")
    parser.add_argument(
        "--clones", type=Path, required=True, help="folder that holds each clone as OWNER/NAME"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    for source in read_sources(options.sources):
        clone = options.clones / source.repository
        written = write_folder(source, clone, options.out / source.name / source.below)
        print(f"{source.name}: {written} files of {source.repository}", flush=True)


def read_sources(path: Path) -> list[Source]:
    """Return the sources that a file lists."""
    return TypeAdapter(list[Source]).validate_json(path.read_bytes())


def write_folder(source: Source, clone: Path, out: Path) -> int:
    """Write the files that a source takes from its clone; return how many."""
    written = 0
    for name, content in _chosen(source, clone):
        path = out / PurePosixPath(_TEMPLATE.sub(".md", name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written += 1
    return written


def _chosen(source: Source, clone: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each file that is taken."""
    listed = _git(clone, "ls-tree", "-r", "--name-only", "-z", source.commit).decode()
    names = [name for name in listed.split("\0") if name.isascii() and re.match(source.files, name)]
    random.Random(source.name if source.seed is None else source.seed).shuffle(names)
    alone = source.most == 1
    taken = 0
    for name in names:
        if taken == source.most:
            return
        content = _git(clone, "show", f"{source.commit}:{name}")
        if not source.least_bytes <= len(content) <= (MOST_BYTES_ALONE if alone else MOST_BYTES):
            continue
        try:
            content.decode()
        except UnicodeDecodeError:
            if not alone:
                continue
            content = content.decode("latin-1").encode()
        taken += 1
        yield name, content


def _git(clone: Path, *arguments: str) -> bytes:
    command: Sequence[str] = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


if __name__ == "__main__":
    main()
