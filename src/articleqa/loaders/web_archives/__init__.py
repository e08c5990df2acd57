"""Loaders of saved web pages: MHTML and WARC."""
