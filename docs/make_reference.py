"""Write docs/reference.md from the docstrings of the public names.

python docs/make_reference.py            # write the page
python docs/make_reference.py --check    # exit with 1 if the page differs from the code
"""

from __future__ import annotations

import argparse
import enum
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import articleqa

PAGE = Path(__file__).resolve().with_name("reference.md")
WIDTH = 100
"""Characters of the longest line of code; a longer signature has one parameter a line."""

MEMBERS = {
    "RankedSentence": (
        *("text", "score", "confidence", "citation", "highlights", "also", "also_more", "cited"),
        *("metadata", "passage", "explanation"),
    ),
    "Ranker": ("name", "load", "without_reader"),
    "ConfidenceModel": ("min_confidence", "maybe_confidence", "load"),
}
"""The members to show of classes whose other members are for this package only."""

INTRODUCTION = """\
# Python reference

`docs/make_reference.py` writes this page from the docstrings; edit those, not this page. All names are in
`articleqa`. In signatures, `PathLike` is `str | os.PathLike[str]`, `Day` is `str | date`, and `Wanted`
is a mapping from metadata keys to a value or a list of values.
"""


def reference() -> str:
    """Return the page."""
    public = {name: getattr(articleqa, name) for name in sorted(articleqa.__all__)}
    classes = {name: value for name, value in public.items() if inspect.isclass(value)}
    errors = {name: value for name, value in classes.items() if issubclass(value, Exception)}
    values = {name: value for name, value in classes.items() if issubclass(value, enum.Enum)}
    nouns = {name: value for name, value in classes.items() if name not in errors | values}
    parts = [INTRODUCTION, "## Functions\n"]
    parts += [_callable(name, value, "###") for name, value in public.items() if name not in classes]
    parts.append("## Classes\n")
    parts += [_class(name, value, MEMBERS.get(name, ())) for name, value in nouns.items()]
    parts.append("## Values\n")
    parts += [_values(name, value) for name, value in values.items()]
    for title, is_warning in (("Exceptions", False), ("Warnings", True)):
        listed = [value for value in errors.values() if issubclass(value, Warning) is is_warning]
        parts += [f"## {title}\n", "\n".join(map(_error, listed)) + "\n"]
    return "\n".join(parts)


def _class(name: str, cls: type, wanted: Sequence[str]) -> str:
    """Return a class: its docstring, fields, properties and methods; if `wanted` names some, only those."""
    parts = [f"### {name}\n", _markdown(cls)]
    fields = [line for field, line in _fields(cls) if not wanted or field in wanted]
    if fields:
        parts.append(_code("\n".join(fields)))
    for member, value in _members(cls):
        if wanted and member not in wanted:
            continue
        if isinstance(value, property):
            kind = _annotation(inspect.signature(value.fget).return_annotation) if value.fget else ""
            parts += [f"#### {name}.{member}\n", _code(f"{member}: {kind}"), _markdown(value)]
        else:
            parts.append(_callable(f"{name}.{member}", getattr(cls, member), "####"))
    return "\n".join(parts)


def _callable(name: str, function: Callable[..., Any], level: str) -> str:
    return "\n".join([f"{level} {name}\n", _code(_signature(name, function)), _markdown(function)])


def _values(name: str, cls: type[enum.Enum]) -> str:
    members = "\n".join(f"{member.name} = {_default(member.value)}" for member in cls)
    return "\n".join([f"### {name}\n", _markdown(cls), _code(members)])


def _error(cls: type[Exception]) -> str:
    return f"- `{cls.__name__}` ({cls.__bases__[0].__name__}): {' '.join(_docstring(cls).split())}"


def _members(cls: type) -> Iterator[tuple[str, object]]:
    """Yield the public methods and properties that this package defines, in the order of the code."""
    seen: set[str] = set()
    for base in (each for each in cls.__mro__ if each.__module__.startswith("articleqa.")):
        for name, value in vars(base).items():
            is_member = isinstance(value, property | classmethod) or inspect.isfunction(value)
            # pydantic adds methods of its own to a class with private attributes.
            is_ours = getattr(value, "__module__", base.__module__) == base.__module__
            if is_member and is_ours and not name.startswith("_") and name not in seen:
                seen.add(name)
                yield name, value


def _fields(cls: type) -> Iterator[tuple[str, str]]:
    """Yield the fields of a model or dataclass by name, each as its declaration."""
    parameters = inspect.signature(cls).parameters
    for base in cls.__mro__:
        for name, kind in vars(base).get("__annotations__", {}).items():
            if name not in parameters or name.startswith("_") or "ClassVar" in str(kind):
                continue
            default = parameters[name].default
            shown = "" if default is inspect.Parameter.empty else f" = {_default(default)}"
            yield name, f"{name}: {_annotation(kind)}{shown}"


def _default(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "..." if repr(value).startswith("<") else repr(value)


def _signature(name: str, function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    name = f"async {name}" if inspect.iscoroutinefunction(function) else name
    end = f") -> {_annotation(signature.return_annotation)}"
    parameters = [*_parameters(signature)]
    line = f"{name}({', '.join(parameters)}{end}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {parameter}," for parameter in parameters), end])


def _parameters(signature: inspect.Signature) -> Iterator[str]:
    keyword_only = False
    for name, parameter in signature.parameters.items():
        if name == "self":
            continue
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            yield "*"
        default = "" if parameter.default is inspect.Parameter.empty else f" = {_default(parameter.default)}"
        stars = "**" if parameter.kind is inspect.Parameter.VAR_KEYWORD else ""
        yield f"{stars}{name}: {_annotation(parameter.annotation)}{default}"


def _annotation(annotation: object) -> str:
    """Return an annotation as the code has it, without what validates it."""
    written = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"Annotated\[(\w+), .*\]", r"\1", written)


def _docstring(thing: object) -> str:
    found = inspect.getdoc(thing)
    if not found:
        raise SystemExit(f"{thing!r}: has no docstring; write one")
    return found


def _markdown(thing: object) -> str:
    """Return a docstring as Markdown: its errors as a list, all else unchanged."""
    lines: list[str] = []
    in_errors = False
    for line in _docstring(thing).splitlines():
        if line == "Raises:":
            in_errors = True
            lines += ["Raises:", ""]
        elif in_errors and (error := re.fullmatch(r" {4}(\w+): (.*)", line)):
            lines.append(f"- `{error[1]}`: {error[2]}")
        elif in_errors and line.startswith(" " * 8):
            lines.append(f"  {line.strip()}")
        else:
            in_errors = in_errors and not line.strip()
            lines.append(line)
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return f"```python\n{text}\n```\n"


def main() -> None:
    """Write the page, or compare it with the code.

    Raises:
        SystemExit: the page differs from the code, or a public name has no docstring.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare the page with the code")
    page = reference()
    if not parser.parse_args().check:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        sys.exit(f"{PAGE.name}: differs from the code; run: python docs/make_reference.py")


if __name__ == "__main__":
    main()
