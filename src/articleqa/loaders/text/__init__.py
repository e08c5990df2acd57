"""Loaders for text files: plain text, Markdown and reStructuredText."""
