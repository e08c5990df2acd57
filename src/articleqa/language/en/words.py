"""The small words of English, and how its words become terms."""

from __future__ import annotations

from collections.abc import Callable

from articleqa.language.protocol import Words
from articleqa.language.word_lists import any_of
from articleqa.nltk_parts import nltk_module

ONE_IS = ("is", "was")
MANY_ARE = ("are", "were")
BE = ("is", "was", "are", "were")
DO = ("do", "does", "did")
HAVE = ("has", "have", "had")
MODALS = ("can", "could", "will", "would", "shall", "should", "may", "might", "must")
AUXILIARIES = (*BE, *DO, *HAVE, *MODALS)
"""Auxiliary verbs that a question may begin with, except "am"."""

OF_MANY = (*MANY_ARE, "do", "did", "have", "had", "can", "could", "will", "would", "must", "should")
"""Auxiliary verbs behind a plural."""

SHORTENED_NOT = "n['’]t"

POSSESSIVE_OF_IT = ("its", "their", "his", "her")
PERSONAL = ("he", "it", "she", "they")
DEMONSTRATIVE = ("this", "these", "those")

ASKING = ("who", "whom", "whose", "when", "where", "why", "how", "what", "which")

_CLAUSE_OPENERS = (
    *("who", "whom", "whose", "which", "that", "when", "where", "while", "whereas", "although", "though"),
    *("because", "but", "if", "then", "than", "so", "yet", "whether", "as"),
    *(*PERSONAL, "its", *DEMONSTRATIVE),
)

_NEGATION = any_of(
    *("not", "never", "no", "none", "nor", "neither", "without", "nothing", "nobody", "cannot", "unable"),
    *("fail(?:ed|s)?", r"refus\w+", r"lack\w*", r"except\w*", "least", r"un\w+able", rf"\w+{SHORTENED_NOT}"),
)


def _stemmer() -> Callable[[str], str]:
    """Return the Snowball stemmer (Porter 2001, "Snowball: A language for stemming algorithms")."""
    # Imported here: nltk takes longer to import than the rest of the package.
    stem: Callable[[str], str] = nltk_module("nltk.stem.snowball").EnglishStemmer().stem
    return stem


WORDS = Words(
    bound_prefixes=any_of("[Ee]", "[Cc]o", "[Rr]e", "[Nn]on", "[Aa]nti", "[Pp]re", "[Uu]n"),
    possessive="s",
    elisions=any_of("[cdjlmnst]", "qu"),
    spelling_variants=(
        (r"(?<=\p{L}{3})(i|y)s(?=(?:e|es|ed|er|ers|ing|ation|ations|ational)$)", r"\1z"),
        (r"(?<=\p{L}{2})our(?=(?:s|ed|ing|er|ers|able|al|ite|ites|ful|less|hood|ly)?$)", "or"),
    ),
    load_stemmer=_stemmer,
    known_acronym="U.S.",
    negation=rf"(?i)\b{_NEGATION}\b",
    pronouns={
        "thing": (
            *("it", "its", "itself", "it's", "they", "them", "their", "theirs", "themselves"),
            *("they're", "they've", "they'd", "they'll"),
        ),
        "person": (
            *("he", "him", "his", "himself", "she", "her", "hers", "herself"),
            *("he's", "she's", "he'd", "she'd", "he'll", "she'll"),
        ),
    },
    conjunctions=("and", "or"),
    clause_openers=frozenset((*AUXILIARIES, "am", "be", "been", "being", "having", *_CLAUSE_OPENERS)),
)
