"""What the rooms need to know of a language: the fields of `Language`.

Fields that are called patterns are regular expressions as the `regex` library reads them, without flags of
their own unless they say so. The rooms compile them, so that a language holds nothing but words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol, Self

from articleqa.language.answer_types import AnswerType
from articleqa.language.word_lists import read_lines


class ParseDate(Protocol):
    """Reads a date that is written in words."""

    def __call__(self, text: str, *, default: datetime, dayfirst: bool) -> datetime:
        """Return the date in `text`, with what it leaves out taken from `default`.

        `dayfirst` says how to read 5/6/2020. Raises ValueError or ArithmeticError if `text` is no date.
        """


@dataclass(frozen=True, kw_only=True)
class Words:
    """How words become terms, and the small words that the meaning of a sentence hangs on.

    - `bound_prefixes`: a pattern of prefixes that make one term with the word after their hyphen ("e-mail")
    - `possessive`: the ending that stands behind an apostrophe and is no part of the word ("Anna's")
    - `elisions`: a pattern of what stands before an apostrophe and is no part of the word ("l'Aquila")
    - `spelling_variants`: pairs of a pattern and its replacement, applied in order before stemming
    - `load_stemmer`: imports and returns the function from a folded word to its stem
    - `known_acronym`: an acronym with full stops that `punkt.json` knows; others are judged as it is
    - `negation`: a pattern of words that negate or deny
    - `pronouns`: folded pronouns that stand for a "person" or a "thing" of the sentence before
    - `conjunctions`: words between the items of a list ("and", "or")
    - `clause_openers`: folded stop words that end a phrase or begin a clause, auxiliary verbs among them
    """

    bound_prefixes: str
    possessive: str
    elisions: str
    spelling_variants: tuple[tuple[str, str], ...]
    load_stemmer: Callable[[], Callable[[str], str]]
    known_acronym: str
    negation: str
    pronouns: Mapping[str, tuple[str, ...]]
    conjunctions: tuple[str, ...]
    clause_openers: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Names of months, and dates in words.

    - `months`: their names; `short_months`: their abbreviations, without full stops
    - `ordinal_endings`: endings of a day written in digits ("3rd")
    - `parse_date`: reads the dates of metadata that are not in digits alone
    """

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    ordinal_endings: tuple[str, ...]
    parse_date: ParseDate


@dataclass(frozen=True, kw_only=True)
class Questions:
    """What a question asks for. Patterns are searched in its text in lower case if no field says otherwise.

    - `answer_types`: pairs of an answer type and a pattern; the match furthest to the left decides, and among
      those the first in the table. A yes-no question has its pattern last
    - `spelling_out`: terms that ask for the long form of an acronym
    - `focus`: a pattern whose group 1 is the noun asked for and a few words after it
    - `politeness`: a pattern of what may stand before the question itself
    - `order`: a pattern, case ignored, of the words that tell to do something ("list", "tell me about")
    - `who_is_name`: a pattern of the whole question, in its own case, that asks who or what a name is
    - `one_name`, `many`: patterns of questions that only a name answers, and that ask for several things
    - `quantity`: a pattern of words that only ask for a quantity ("much" in "how much")
    - `asking_words`: terms of which the network is told whether the question has them
    - `starts`: a pattern of a question that may be compound; `further`: a pattern whose group `ask` is where
      it begins to ask for something else; `bare`: a pattern of such a part without content of its own
    - `loose_end`: a pattern of what is left at the end of a part when the next one is cut off
    - `completed`: makes a question of a bare part ("when") for which `{}` stands
    - `listing`: a pattern of questions that ask for several things of one kind
    """

    answer_types: tuple[tuple[AnswerType, str], ...]
    spelling_out: frozenset[str]
    focus: str
    politeness: str
    order: str
    who_is_name: str
    one_name: str
    many: str
    quantity: str
    asking_words: tuple[str, ...]
    starts: str
    further: str
    bare: str
    loose_end: str
    completed: str
    listing: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How sentences answer, and how they hang together.

    - `mentions`: triples of an answer type, the strength (0 to 1) of a mention, and its pattern
    - `time_units`: for a term of the question ("year"), a pattern that a mention of a time must contain
    - `measures`: for a word behind "how" ("old"), the terms that a number must count; `measured`: a pattern,
      case ignored, whose group 1 is that word
    - `aged`: a pattern, case ignored, of what comes before an age without a unit
    - `date_word`: a pattern of a whole word that is part of a date
    - `figure`: a pattern of two words that together are a figure, a measure or a date
    - `leaning`: a pattern, case ignored, of a beginning that refers to something said before
    - `enumeration`: a pattern of a list of three or more things inside a sentence
    - `continuing`: a pattern, case ignored, of a beginning that adds to a list
    - `pointing_back`: a pattern, case ignored, of a beginning that names the sentence before as the cause
    """

    mentions: tuple[tuple[AnswerType, float, str], ...]
    time_units: Mapping[str, str]
    measures: Mapping[str, frozenset[str]]
    measured: str
    aged: str
    date_word: str
    figure: str
    leaning: str
    enumeration: str
    continuing: str
    pointing_back: str


class _Joinable:
    """Lists of words that can be joined with those of other languages, field by field."""

    def joined(self, other: Self) -> Self:
        """Return the entries of both, this language's first."""
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]  # each subclass is a dataclass
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, kw_only=True)
class SentenceRules(_Joinable):
    """Words that decide whether a sentence ends. Articles of all languages are cut by those of all.

    - `numbered`: what stands before the number of a section ("Section 3."), each as it may be written
    - `speech`: verbs behind a quotation and a name that continue the quotation's sentence
    - `quote_particles`: words right behind a quotation that continue its sentence
    - `before_names`: small words after which a single capital is an initial
    - `before_letters`: abbreviations that a single letter may follow as if it were a number ("Fig. B.")
    - `units`: units of measure that are also words
    - `numbers`: abbreviations of "number" that are also words; a capital I behind them is a pronoun
    - `cited`: patterns of abbreviations that show a citation if they follow another abbreviation
    - `elided`: what stands before an apostrophe and an abbreviation
    - `yes_or_no`: bare answers that mean nothing without the sentence after them
    """

    numbered: tuple[str, ...] = ()
    speech: tuple[str, ...] = ()
    quote_particles: tuple[str, ...] = ()
    before_names: tuple[str, ...] = ()
    before_letters: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    elided: tuple[str, ...] = ()
    yes_or_no: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layout(_Joinable):
    """Words by which the parts of a document are recognised. All languages' words are looked for at once.

    - `page`: patterns of the word before a page number; `of_pages`: words before the number of all pages;
      `short_pages`: short words for it, which only a PDF's header or footer may have;
      `page_hints`: what a line with a page number contains if it does not end in one, for a quick check
    - `section_names`: headings that any document may have, folded in case; `end_sections`: those of the parts
      at its end, which are never its title
    - `contents_titles`: patterns of the title of a table of contents; `parts`: words before its numbers;
      `page_in_contents`: patterns of what stands before its page numbers
    - `captions`: patterns of words before the number of a figure or table. `text_captions` only begin a
      caption in plain text, `pdf_captions` only in a PDF
    - `byline`: words before an author's name
    - `pictures`: patterns of words for a picture that label its credit; `credits`: words that label any
      credit; `credit_names`: patterns of the class names of a credit in a web page; `credit_texts`: patterns,
      case ignored, of the beginning of its text
    - `field_names`: keys of the fields of a document; `title_fields`: those of its title; `date_fields`:
      those that date it in place of `date`, the best first; `editor_marks`: what follows an editor's name
    - `name_particles`: small words inside a person's name
    - `questioners`, `answerers`: labels before questions and answers; `speakers`: those of a transcript
    - `days_of_months`: patterns of months that follow a day and its full stop ("3. Mai")
    - `conjunctions`: words at a line's end after which an item of a list may follow
    - `suspending`: words behind a hyphen that stands for the end of a later word ("pre- and post-war")
    - `home`: patterns of the entry with which the menu of a site begins
    - `default_titles`: patterns of titles that programs give to documents without one
    - `ligatures`: letters that a single glyph may stand for, the most frequent first
    """

    page: tuple[str, ...] = ()
    of_pages: tuple[str, ...] = ()
    page_hints: tuple[str, ...] = ()
    short_pages: tuple[str, ...] = ()
    section_names: tuple[str, ...] = ()
    end_sections: tuple[str, ...] = ()
    contents_titles: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    page_in_contents: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    text_captions: tuple[str, ...] = ()
    pdf_captions: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    credit_names: tuple[str, ...] = ()
    credit_texts: tuple[str, ...] = ()
    field_names: tuple[str, ...] = ()
    title_fields: tuple[str, ...] = ()
    date_fields: tuple[str, ...] = ()
    editor_marks: tuple[str, ...] = ()
    name_particles: tuple[str, ...] = ()
    questioners: tuple[str, ...] = ()
    answerers: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    days_of_months: tuple[str, ...] = ()
    conjunctions: tuple[str, ...] = ()
    suspending: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    default_titles: tuple[str, ...] = ()
    ligatures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Paragraphs that do not say what they are, and the words that are added to them.

    - `credit`: a pattern of a picture's credit, which shows that a paragraph is the picture's caption;
      `caption_words`: for the caption; `credit_words` and `showing_words`: for a sentence of it that credits
      the picture, or that says what it shows
    - `author_note`: a pattern of a paragraph that names or describes the author; `author_words`: for it
    """

    credit: str
    caption_words: str
    credit_words: str
    showing_words: str
    author_note: str
    author_words: str


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language in which questions are asked and answered: its words, patterns and rules.

    `code` is its code in ISO 639-1, and `folder` holds its files:

    - `stop_words.txt`: words that say how a sentence hangs together, not what it is about
    - `word_forms.txt`: irregular and variant forms, "base: form form"
    - `abbreviations.txt`: abbreviations with a full stop, in sections by how they behave
    - `boilerplate.txt`: patterns of whole lines that are no part of an article, case ignored
    - `punkt.json`: parameters for sentence boundaries (`python -m articleqa.training.data_files.punkt`)
    """

    code: str
    folder: Path
    words: Words
    calendar: Calendar
    questions: Questions
    evidence: Evidence
    sentences: SentenceRules
    layout: Layout
    roles: Roles

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """The words of `stop_words.txt`."""
        return frozenset(word for line in read_lines(self.folder / "stop_words.txt") for word in line.split())

    @cached_property
    def word_forms(self) -> Mapping[str, str]:
        """The base of each form in `word_forms.txt`."""
        forms: dict[str, str] = {}
        for line in read_lines(self.folder / "word_forms.txt"):
            base, _, rest = line.partition(":")
            forms.update(dict.fromkeys(rest.split(), base.strip()))
        return forms

    @cached_property
    def abbreviations(self) -> Mapping[str, str]:
        """The section of each abbreviation in `abbreviations.txt`, such as "before a number"."""
        sections: dict[str, str] = {}
        section = ""
        for line in read_lines(self.folder / "abbreviations.txt"):
            if line.startswith("["):
                section = line.strip("[]")
            else:
                sections[line] = section
        return sections

    @cached_property
    def boilerplate(self) -> tuple[str, ...]:
        """The patterns of `boilerplate.txt`."""
        return tuple(read_lines(self.folder / "boilerplate.txt"))

    def punkt(self) -> str:
        """Return the content of `punkt.json`."""
        return (self.folder / "punkt.json").read_text(encoding="utf-8")


ANALYSIS_FILES = ("abbreviations.txt", "boilerplate.txt", "punkt.json", "stop_words.txt", "word_forms.txt")
"""The files in a language's folder; together with its patterns they decide a text's passages and terms."""
