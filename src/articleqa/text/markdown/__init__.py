"""Markdown into blocks."""
