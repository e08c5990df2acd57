"""The candidate sentences, and how each of them matches the question."""
