"""`python -m articleqa`, and the entry point of `articleqa`."""

from __future__ import annotations

import sys

from articleqa.interrupts import INTERRUPTED, killed_by_ctrl_c


def main() -> None:
    """Run the command line and exit."""
    with killed_by_ctrl_c():
        from articleqa.cli import cli
    try:
        cli(prog_name="articleqa")
    except KeyboardInterrupt:  # between two of the places that see to it
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
