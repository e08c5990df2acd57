"""How the directives of docutils and Sphinx use the text next to and below their marker."""

from __future__ import annotations

from enum import Enum, auto


class Use(Enum):
    """How to read a directive's argument (the text next to its marker) and its body (the text below)."""

    NOTHING = auto()
    """Neither is text for people."""
    CODE = auto()
    """The argument is a setting; the body is code."""
    FORMULA = auto()
    """Both are code."""
    TEXT = auto()
    """The argument is the beginning of the body."""
    TITLE = auto()
    """The argument names what the body is about."""
    HEADING = auto()
    """The argument is a heading for what follows the directive."""
    BODY = auto()
    """The argument is a setting; the body is text."""
    TERMS = auto()
    """The body is a list of definitions; one definition may have several terms."""
    LIST_TABLE = auto()
    CSV_TABLE = auto()


_NAMES = {
    Use.NOTHING: """image index raw meta toctree contents sectnum section-numbering include graphviz digraph
        graph inheritance-diagram uml mermaid plot tabularcolumns highlight highlightlang default-role role
        default-domain currentmodule py:currentmodule sectionauthor moduleauthor codeauthor module py:module
        header footer title target-notes unicode date js:module cpp:namespace autosummary
        bibliography program literalinclude todolist youtube""",
    Use.CODE: """code code-block sourcecode parsed-literal productionlist prompt testcode testoutput testsetup
        testcleanup doctest ipython ipython3 console code-tab
        command-output jupyter-execute""",
    Use.FORMULA: "math",
    Use.TEXT: """note warning tip hint important caution danger attention error seealso todo
        versionadded versionchanged versionremoved deprecated
        deprecated-removed epigraph highlights pull-quote compound
        impl-detail availability""",
    Use.TITLE: "topic sidebar admonition table dropdown tab tab-item card grid-item-card",
    Use.HEADING: "rubric centered",
    Use.BODY: """figure class rst-class container only ifconfig hlist tabs tab-set grid grid-item acks
        cssclass""",
    Use.TERMS: "glossary",
    Use.LIST_TABLE: "list-table",
    Use.CSV_TABLE: "csv-table",
}
_USES = {name: use for use, names in _NAMES.items() for name in names.split()}

_DESCRIPTIONS = """
    function class method staticmethod classmethod attribute data exception decorator decoratormethod
    property option cmdoption envvar describe object confval opcode macro type struct union enum
    enumerator member var directive role command"""
_DESCRIBED = frozenset(_DESCRIPTIONS.split())
"""Directives that describe what their argument names, in addition to those of a language (`py:function`)."""


def use_of(name: str, has_body: bool) -> Use:
    """Return how a directive uses its text.

    An unknown directive describes what its argument names, as a function is described below its signature.
    Without a body it is a setting.
    """
    use = _USES.get(name)
    if use is not None:
        return use
    if name.startswith("auto"):  # the text is taken from a program
        return Use.BODY
    return Use.TITLE if has_body or name in _DESCRIBED or ":" in name else Use.NOTHING
