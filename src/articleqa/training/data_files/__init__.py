"""Commands that make the data files in `articleqa/data`; each writes the same bytes on every run."""
