"""Articles and their passages, in memory and on disk."""
