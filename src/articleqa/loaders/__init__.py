"""Loaders that turn files into articles, one per format.

A loader is a function `(data, article_id, source) -> Article` (see `protocol`), in a module or package named
after its format. `registry` chooses the format by a file's content and name, `file_reader` opens files that
hold several articles, `sandbox` reads many files within limits, and `api` walks files and folders.
"""
