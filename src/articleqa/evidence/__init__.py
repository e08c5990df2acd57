"""Candidate sentences, and how well each of them matches the question."""
