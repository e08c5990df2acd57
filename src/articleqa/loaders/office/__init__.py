"""Loaders for word processor documents: DOCX and ODT."""
