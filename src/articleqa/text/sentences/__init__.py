"""Text into sentences, as spans."""
