"""The SQLite database of an index on disk."""
