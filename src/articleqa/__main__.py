"""`python -m articleqa` is `articleqa`."""

from articleqa.cli import main

main()
