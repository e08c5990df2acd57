"""Data about English words: word vectors and word frequencies."""
