"""The entry point of the `articleqa` command and of `python -m articleqa`."""

from __future__ import annotations

import sys

from articleqa._own_process import set_up_own_process
from articleqa.interrupts import INTERRUPTED, killed_by_ctrl_c


def main() -> None:
    """Run the command line and exit."""
    set_up_own_process()
    try:
        with killed_by_ctrl_c():  # until a command runs
            from articleqa.cli import cli

            cli(prog_name="articleqa")
    except KeyboardInterrupt:  # raised where no other code handles it
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
