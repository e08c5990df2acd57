"""Splitting text into blocks, sentences and terms."""
