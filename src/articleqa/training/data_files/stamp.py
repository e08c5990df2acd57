"""Tie model files to this version of the code: `python -m articleqa.training.data_files.stamp FILE...`.

A model file names the features, inputs and analyser that it was fitted to, and code with other ones refuses
it. After a change that leaves nearly all of their values unchanged (a new name, one more abbreviation), this
command writes the names of this version into the files and keeps all numbers. After any other change, train
and calibrate again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from articleqa.answering.confidence import ConfidenceModel
from articleqa.ranking.ranker import Ranker


def main(arguments: list[str] | None = None) -> None:
    """Rewrite model files (rankers and confidence models) in place.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: a file is not a JSON object, or its numbers do not fit this version.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.data_files.stamp", description=__doc__
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    for path in parser.parse_args(arguments).files:
        kept = json.loads(path.read_text(encoding="utf-8"))
        kind = ConfidenceModel if "intercept" in kept else Ranker
        for name in kind.tied_to_code:
            kept.pop(name, None)
        stamped = kind.model_validate(kept)
        path.write_text(stamped.model_dump_json(indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
