"""Loaders of text files: plain text, Markdown and reStructuredText."""
