"""Files into articles: one loader a format.

A loader is a function `(data, ArticleFile) -> Article`; `LOADERS` in `formats` names the one for each
file suffix. `loading` walks files and folders.
"""
