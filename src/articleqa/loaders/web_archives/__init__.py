"""Loaders for saved web pages: MHTML and WARC."""
