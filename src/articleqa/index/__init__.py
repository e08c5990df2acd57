"""Indexes of articles, in memory and on disk, and `ask`, which answers one question."""
