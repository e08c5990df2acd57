"""The entry point of the `articleqa` command and of `python -m articleqa`."""

from __future__ import annotations

import gc
import sys

from articleqa.interrupts import INTERRUPTED, killed_by_ctrl_c
from articleqa.nltk_parts import import_parts_alone

COLLECTED_AFTER = 50_000
"""New objects after which Python looks for garbage in cycles.

With Python's own 700 this took a tenth of the time of a question to 1,000 articles.
Workers look more often (`_worker.NEW_OBJECTS`): the libraries that read files leave such garbage, and a
worker's memory is limited.
"""


def main() -> None:
    """Run the command line and exit."""
    gc.set_threshold(COLLECTED_AFTER)
    import_parts_alone()
    try:
        with killed_by_ctrl_c():  # until a command runs
            from articleqa.cli import cli

            cli(prog_name="articleqa")
    except KeyboardInterrupt:  # raised where no other code handles it
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
