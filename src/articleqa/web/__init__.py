"""A web page and a JSON API over one index: ask, read the article around a quote, and add files."""
