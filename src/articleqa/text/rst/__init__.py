"""Splitting reStructuredText into blocks."""
