"""Splitting plain text into blocks."""
