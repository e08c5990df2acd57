"""English words by which the parts of a document are recognised."""

from __future__ import annotations

from articleqa.language.protocol import Layout, Roles
from articleqa.language.word_lists import any_of

_PICTURES = ("photo", "image", "picture")
_AGENCIES = ("AP", "AFP", "Reuters")
_NAME = r"(?:[ \u00a0]\p{Lu}[\p{L}.’'-]*){2,4}"

LAYOUT = Layout(
    page=("[Pp]age", "PAGE", r"[Pp]g?\."),
    of_pages=("of",),
    page_hints=("age ",),
    short_pages=("p", "pg", "pp"),
    section_names=(
        *("abstract", "background", "contents", "description", "foreword", "introduction", "menu"),
        *("motivation", "navigation", "on this page", "overview", "preface", "purpose", "rationale"),
        *("status of this memo", "summary", "synopsis", "table of contents", "toc"),
    ),
    end_sections=(
        "references",
        "bibliography",
        "acknowledgements",
        "acknowledgments",
        "appendix",
        "index",
        "notes",
    ),
    contents_titles=("(?:table of )?contents",),
    parts=("appendix", "chapter", "section", "part"),
    page_in_contents=(r"p\. ?",),
    captions=("figure", r"fig\.", "table"),
    text_captions=(r"tab\.",),
    pdf_captions=("chart",),
    byline=("by",),
    pictures=_PICTURES,
    credits=("credit", "source"),
    credit_texts=(
        rf"(?:photograph|{'|'.join(_PICTURES)}) ?(?::|by\b|credit)",
        r"(?:credits?|source)\b ?[:.…]",
    ),
    credit_names=("credits?", "copyright", "photographer", "(?:photo|image) (?:by|source)"),
    field_names=(
        *("author", "authors", "by", "cc", "category", "copyright", "created", "date", "editor", "from"),
        *("id", "keywords", "language", "last-modified", "licence", "license", "message-id", "modified"),
        *("place", "published", "publisher", "release", "released", "reply-to", "sender", "sent", "source"),
        *("status", "tags", "to", "type", "updated", "url", "version"),
    ),
    title_fields=("title", "subject"),
    date_fields=("created", "published", "last-modified", "updated"),
    editor_marks=(", Ed.",),
    questioners=("Q", "Question"),
    answerers=("A", "Answer"),
    speakers=("Question", "Answer"),
    conjunctions=("and", "or"),
    suspending=("and", "or", "to", "of"),
    home=("home(?: ?page)?",),
    default_titles=(
        *("(?:microsoft )?(?:word|powerpoint|excel|publisher) - .*", r"\[?untitled.*", r"slide \d+"),
        *(r"(?:new |word )?document ?\d*", "powerpoint presentation", r"presentation ?\d*"),
        *(r"\[?(?:document )?(?:sub)?title\]?", r"\[?(?:unknown|no title)\]?"),
    ),
    ligatures=("fi", "fl", "ff", "ffi", "ffl", "tt", "ti", "ft", "Th"),
)

ROLES = Roles(
    credit=(
        rf"©|\b(?i:photograph|{'|'.join(_PICTURES)})s? (?i:by|credit|courtesy)\b"
        rf"|^(?i:{'|'.join(_PICTURES)})\W{{1,3}}\p{{Lu}}"
        rf"|[(/]{any_of(*_AGENCIES, 'EPA', 'Getty(?: Images)?')}\)?$|\({any_of(*_AGENCIES)} (?i:photo|image)"
    ),
    caption_words="photo photograph picture image caption",
    credit_words="photographer credit take agency",
    showing_words="show depict",
    author_note=rf"^(?i:editor[’']s note|about the (?:author|writer))\W|^(?i:written by|by){_NAME}\W*$",
    author_words="author writer write article piece story",
)
