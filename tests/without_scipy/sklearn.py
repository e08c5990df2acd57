"""Hides scikit-learn, which nltk imports where it can, and pandas with it: that takes seconds."""

raise ImportError("no scikit-learn here")
