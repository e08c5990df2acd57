"""Ranking of candidates: features, the reader, and the models that combine them into scores."""
