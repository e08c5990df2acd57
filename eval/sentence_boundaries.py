"""Compare sentence ends with those of nupunkt and syntok, at places that a person judges.

    pip install nupunkt syntok
    python eval/sentence_boundaries.py sample FOLDER... --seed 1 --out FILE.jsonl
    python eval/sentence_boundaries.py score FILE.jsonl

`sample` splits the paragraphs and list items of the folders' text and Markdown files with all three. It
writes a seeded sample of the places that only some of them call an end, one JSON object per line. Set
`is_end` in each to true or false, or leave it null where no sentence can be split well (tables, code).
`score` prints how often each was wrong at the judged places, and estimates the error rate over all places.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from articleqa.models import Block, BlockKind
from articleqa.text.blocks import blocks_of
from articleqa.text.sentences.spans import sentence_spans

MEDIA_TYPES = {".md": "text/markdown", ".txt": "text/plain"}
STRATA = ("articleqa and nupunkt differ", "syntok differs from both")
SURROUNDINGS = 70
"""Characters shown on each side of a place."""

_LINK_TARGET = re.compile(r"\]\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+(?:\s\"[^\"\n]*+\")?\)")
_LINE = re.compile(r"[^\r\n]+")


@dataclass
class Place:
    """A place that some splitters call the end of a sentence and others do not."""

    file: str
    offset: int
    text: str
    cutters: list[str]
    is_end: bool | None = None


@click.group(help=__doc__)
def main() -> None:
    """Sample places, and score the judged ones."""


@main.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--seed", default=1, show_default=True)
@click.option("--size", default=300, show_default=True, help="Places to draw.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The JSONL file to write.")
def sample(folders: tuple[Path, ...], seed: int, size: int, out: Path) -> None:
    """Sample places where the splitters differ, equally many from each folder.

    Half are places where articleqa and nupunkt differ, half are places where syntok differs from both.
    """
    generator = random.Random(seed)
    lines: list[dict[str, Any]] = []
    ends = 0
    sizes = dict.fromkeys(STRATA, 0)
    for folder in folders:
        found = [place for path in _files(folder) for place in _places(path)]
        ends += len(found)
        for stratum in STRATA:
            different = [place for place in found if _stratum(place.cutters) == stratum]
            sizes[stratum] += len(different)
            share = min(len(different), size // len(folders) // len(STRATA))
            lines.extend(asdict(place) for place in generator.sample(different, share))
    head = {"ends": ends, "differing": sizes, "seed": seed}
    with out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in [head, *lines])
    click.echo(
        f"{ends} places called an end, {sum(sizes.values())} not by all; {len(lines)} of these are in {out}"
    )


@main.command()
@click.argument("judged", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def score(judged: Path) -> None:
    """Print the error rate of each splitter."""
    head, *lines = [json.loads(line) for line in judged.read_text(encoding="utf-8").splitlines()]
    places = [line for line in lines if line["is_end"] is not None]
    if not places:
        raise click.ClickException(f"{judged}: nothing is judged; set is_end to true or false")
    click.echo(f"seed {head['seed']}: {len(places)} places judged, {len(lines) - len(places)} left open")
    for cutter in ("articleqa", "nupunkt", "syntok"):
        cuts = [place["is_end"] for place in places if cutter in place["cutters"]]
        added = cuts.count(False)
        missed = sum(place["is_end"] for place in places) - cuts.count(True)
        expected = 0.0
        for stratum, count in head["differing"].items():
            judged_here = [place for place in places if _stratum(place["cutters"]) == stratum]
            faults = sum((cutter in place["cutters"]) != place["is_end"] for place in judged_here)
            expected += count * faults / len(judged_here) if judged_here else 0
        wrong = expected / sum(head["differing"].values())
        of_all = expected / head["ends"]
        click.echo(
            f"{cutter}: {added} cuts too many, {missed} missed; wrong at {wrong:.1%} of the "
            f"places where they differ, at {of_all:.2%} of all"
        )


def _stratum(cutters: list[str]) -> str | None:
    """Return the stratum that a place belongs to; None if all splitters agree."""
    if ("articleqa" in cutters) != ("nupunkt" in cutters):
        return STRATA[0]
    return STRATA[1] if len(cutters) < len(_cutters()) else None


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in MEDIA_TYPES)


def _places(path: Path) -> Iterator[Place]:
    text = path.read_text(encoding="utf-8", errors="replace")
    masked = _LINK_TARGET.sub(lambda match: "x" * len(match[0]), text)
    for block in blocks_of(text, MEDIA_TYPES[path.suffix]):
        if block.kind not in (BlockKind.PROSE, BlockKind.ITEM):
            continue
        # All three are made for prose, so the target of a Markdown link is masked as one word.
        ends: dict[int, list[str]] = {}
        for name, cut in _cutters().items():
            for end in cut(masked, block):
                ends.setdefault(end, []).append(name)
        for end, names in sorted(ends.items()):
            before, behind = text[max(0, end - SURROUNDINGS) : end], text[end : end + SURROUNDINGS]
            yield Place(str(path), end, f"{before} ⏹ {behind}", names)


def _cutters() -> dict[str, Callable[[str, Block], set[int]]]:
    return {"articleqa": _articleqa_ends, "nupunkt": _nupunkt_ends, "syntok": _syntok_ends}


def _articleqa_ends(text: str, block: Block) -> set[int]:
    span = block.span
    sentences = sentence_spans(text, span.start, span.end, hard_wrapped=block.hard_wrapped)
    return {sentence.end for sentence in sentences}


def _nupunkt_ends(text: str, block: Block) -> set[int]:
    import nupunkt

    return {
        start + len(flat[:end].rstrip())
        for start, flat in _flat(text, block)
        for _, end in nupunkt.sent_spans(flat)
    }


def _syntok_ends(text: str, block: Block) -> set[int]:
    from syntok import segmenter

    return {
        start + tokens[-1].offset + len(tokens[-1].value)
        for start, flat in _flat(text, block)
        for paragraph in segmenter.analyze(flat)
        for tokens in paragraph
        if tokens
    }


def _flat(text: str, block: Block) -> Iterator[tuple[int, str]]:
    """Yield each text to split on its own, with its offset: a line, or a hard-wrapped block as one line."""
    span = block.span
    if block.hard_wrapped:
        yield span.start, re.sub(r"[\r\n]", " ", span.of(text))
        return
    for line in _LINE.finditer(text, span.start, span.end):
        yield line.start(), line[0]


if __name__ == "__main__":
    main()
