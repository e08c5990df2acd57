"""Answers from ranked candidates: confidence, short answers and citations."""
