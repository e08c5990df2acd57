"""Files into articles: one loader a format.

A loader is a function `(data, article_id, source) -> Article` (`contract`), in a file or a folder named for
its format; `formats` says which one a file's content and name ask for, `reading` opens what holds several
articles, `bulk` reads many files within limits, and `loading` walks files and folders.
"""
