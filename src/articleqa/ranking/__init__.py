"""Candidates into scores: features, the reader, and the models that weigh them."""
