"""Splitting text into sentences, as spans."""
