"""Splitting Markdown into blocks."""
