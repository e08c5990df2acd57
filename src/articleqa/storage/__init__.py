"""Article texts, their passages and counts on disk: one SQLite database, and the lock of its writer."""
