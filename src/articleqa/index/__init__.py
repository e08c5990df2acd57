"""Indexes of articles, in memory and on disk, and the question function `ask`."""
