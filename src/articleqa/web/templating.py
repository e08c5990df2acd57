"""The templates of the pages, which escape all text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from articleqa.answers import confidence_words
from articleqa.printing import one_line, shown
from articleqa.web import words

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the environment of the templates."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        shown=shown,
        one_line=one_line,
        confidence=confidence_words,
        format_name=words.format_name,
        number=format,
    )
    return made


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return the page that a template makes of `values`."""
    return HTMLResponse(environment().get_template(template).render(**values), status)
