"""The user's cache of indexes, so that the same files are loaded and analysed only once."""
