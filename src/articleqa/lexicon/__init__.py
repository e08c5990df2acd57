"""Data about words: word vectors and word frequencies."""
