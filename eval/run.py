"""Score the hand-written question set over the seed articles.

    python eval/run.py [--json] [--min-accuracy X] [--run FILE] [--limit N] [--misses N]

The options are those of `articleqa eval`. Exits with 1 if P@1 is below X.
"""

from __future__ import annotations

import sys
from pathlib import Path

from articleqa.cli.eval import evaluate_command

ROOT = Path(__file__).resolve().parent.parent


def main(options: list[str]) -> None:
    """Run `articleqa eval` on the set with `options`, and exit."""
    questions = ROOT / "eval" / "questions.jsonl"
    evaluate_command.main(
        [str(questions), "--articles", str(ROOT / "seeds"), *options], prog_name="python eval/run.py"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
