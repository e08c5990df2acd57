"""What the processes of this package alone change in Python: the command line and the workers."""

from __future__ import annotations

import gc

from articleqa.nltk_parts import import_parts_alone

COLLECTED_AFTER = 50_000
"""New objects after which Python looks for garbage in cycles.

With Python's own 700 this took a tenth of the time of a question to 1,000 articles, and a twentieth of the
time in which a worker extracts files.
"""


def set_up_own_process() -> None:
    """Save the time of needless imports and of looking for garbage where there is hardly any."""
    gc.set_threshold(COLLECTED_AFTER)
    import_parts_alone()
