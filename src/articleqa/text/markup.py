"""Inline markup of Markdown and reStructuredText that is not text: link targets, emphasis, tags, roles.

Markup is replaced by spaces, so that every remaining character keeps its offset. Link targets alone are often
longer than their sentence, and say nothing about its meaning.
"""

from __future__ import annotations

import regex

MARKED_UP = frozenset({"text/markdown", "text/x-rst"})
"""The media types of articles that contain markup."""

_MARKUP = regex.compile(
    r"""
      !?\[(?=[^\[\]\n]{0,400}\](?:\(|\[))              # [ of a link or an image whose target follows
    | \]\((?:[^()\n]|\([^()\n]{0,400}\)){0,600}\)      # ](target "title")
    | \]\[[^\[\]\n]{0,200}\]                           # ][reference]
    | \[\^[^\[\]\s]{1,60}\]                            # [^1], a note
    | (?<=https?://[^\s/<>()\[\]]{1,253})/[^\s<>()\[\]]*  # the path of a URL; its host is kept
    | \{\{[<%](?:(?!text=)[^{}\n]){0,400}(?:text="|[%>]\}\})  # {{< name ... >}} up to the text that it shows
    | "(?:[^{}"\n]|"[^{}"\n]{0,200}"){0,200}[%>]\}\}   # and what follows that text
    | \{%(?:[^{}\n]){0,400}%\}                         # {% include ... %}
    | \{:?[ ]?[#.][^{}\n]{0,200}\}                     # {#anchor}, {: .class}
    | </?[A-Za-z](?![^<>\s]{0,200}(?:@|://))[^<>\n]{0,400}>  # <tag>, not <an@address>
    | <!--(?:[^-]|-(?!->)){0,300}-->                   # <!-- comment -->
    | :[a-z]{1,20}(?::[a-z]{1,20})?:(?=`)              # :role:`text`
    | [ ]<[^<>`\n]{1,400}>(?=`)                        # `text <target>`
    | &(?:[a-z]{2,8}|\#\d{1,6});                       # &nbsp;
    | \*{1,3} | `{1,3}_{0,2}                           # emphasis, code
    | (?<!\w)_{1,2}(?=\w) | (?<=\w)_{1,2}(?!\w)        # emphasis, a link's name_
    """,
    regex.VERBOSE | regex.DOTALL,
)
_POSSIBLE = regex.compile(r"[\[<{`*&_]|://")


def without_markup(text: str) -> str:
    """Return `text` with markup replaced by spaces, at the same length."""
    if not _POSSIBLE.search(text):
        return text
    return _MARKUP.sub(lambda found: " " * len(found[0]), text)
