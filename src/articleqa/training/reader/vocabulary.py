"""Choose the vocabulary pieces that a language needs: `python -m articleqa.training.reader.vocabulary`.

Each other piece would cost a row of the model.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from articleqa.encoder.wordpiece import PADDING, SEPARATOR, START, UNKNOWN, WordPieces

SIZE = 19_000
"""Pieces kept of BERT's 30,522: with this many, both networks together take less than 30 MB."""


def main(arguments: list[str] | None = None) -> None:
    """Write the numbers of the kept pieces to `--out`, as a JSON list.

    Raises:
        OSError: a file cannot be read or written.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.vocabulary", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("sets", type=Path, nargs="+", help="question sets in SQuAD v2.0 JSON")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    options = parser.parse_args(arguments)
    pieces = read_vocabulary(options.base)
    options.out.write_text(json.dumps(kept_pieces(pieces, _texts(options.sets), SIZE)), encoding="utf-8")


def read_vocabulary(base: Path) -> list[str]:
    """Return the pieces of a model in the order of its vocabulary."""
    return (base / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]


def _texts(sets: Sequence[Path]) -> Iterator[str]:
    for path in sets:
        for document in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in document["paragraphs"]:
                yield paragraph["context"]
                yield from (qa["question"] for qa in paragraph["qas"])


def kept_pieces(vocabulary: Sequence[str], texts: Iterable[str], size: int) -> list[int]:
    """Return the sorted numbers of `size` pieces: marks and letters, then those of `texts`, then common ones.

    BERT's vocabulary is in order of frequency, letters first.
    """
    counts: Counter[int] = Counter()
    pieces = WordPieces(vocabulary)
    for text in texts:
        counts.update(pieces.numbers_of(text))
    special = {UNKNOWN, START, SEPARATOR, PADDING}
    always = [n for n, piece in enumerate(vocabulary) if piece in special or _is_letter(piece)]
    used = sorted((n for n in counts if n not in set(always)), key=lambda n: (-counts[n], n))
    rest = (n for n, piece in enumerate(vocabulary) if piece.isascii() and not piece.startswith("["))
    return sorted(list(dict.fromkeys([*always, *used, *rest]))[:size])


def _is_letter(piece: str) -> bool:
    """Return whether a piece is one ASCII or Latin character (or mark), alone or within a word."""
    bare = piece.removeprefix("##")
    return len(bare) == 1 and (ord(bare) < 0x250 or 0x2000 <= ord(bare) < 0x2150)


if __name__ == "__main__":
    main()
