"""Hides scipy, which nltk imports where it can: that takes a second, and only training needs it."""

raise ImportError("no scipy here")
