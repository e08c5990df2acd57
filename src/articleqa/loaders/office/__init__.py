"""Loaders of word processor documents: DOCX and ODT."""
