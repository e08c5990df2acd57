"""Storage of articles and their passages, in memory and on disk."""
