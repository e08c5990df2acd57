"""Train the reader: `python -m articleqa.training.reader.train`.

Each example is a question with a window that answers it and some that do not; the loss is that of a
softmax over all their sentences and "none of these". Some questions are asked without the window that
answers, so that the score of a sentence means something on its own. Runs on a GPU if there is one.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from articleqa.encoder.windows import window_input
from articleqa.encoder.wordpiece import WordPieces
from articleqa.training.reader.drawing import Drawn, Example, draw, read_examples
from articleqa.training.reader.encoder import Reader, batch_of, load_base
from articleqa.training.reader.examples import RIGHT
from articleqa.training.reader.folds import is_held_out
from articleqa.training.reader.vocabulary import read_vocabulary

MARK_WEIGHT = 0.2
"""Weight of the loss of a short answer's start and end; the loss of the sentences has weight 1."""

ENCODER_RATE, HEAD_RATE, WARM_UP = 8e-5, 1e-3, 0.06


def main(arguments: list[str] | None = None) -> None:
    """Train, and write `reader.pt` to `--out` every hundred steps and at the end.

    Raises:
        OSError: a file cannot be read or written.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.train", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument(
        "--pieces", type=Path, required=True, help="output of articleqa.training.reader.vocabulary"
    )
    parser.add_argument(
        "--examples", type=Path, required=True, help="output folder of articleqa.training.reader.examples"
    )
    parser.add_argument(
        "--sets",
        nargs="+",
        required=True,
        help="sets to train on: NAME, or NAME=N for at most N questions; one named twice counts twice",
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="reader.pt of an earlier run to continue from")
    parser.add_argument("--batch", type=int, default=16, help="questions per step")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=ENCODER_RATE, help="learning rate of the layers")
    parser.add_argument(
        "--two-wrong", type=float, default=0.3, help="share of questions with two wrong windows, not one"
    )
    parser.add_argument(
        "--frozen", type=int, default=0, help="how many of the lowest layers to leave unchanged"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    numbers = json.loads(options.pieces.read_text(encoding="utf-8"))
    pieces = read_vocabulary(options.base)
    vocabulary = WordPieces([pieces[number] for number in numbers])
    train: list[Example] = []
    held: list[Example] = []
    read: dict[str, list[Example]] = {}
    for given in options.sets:
        name, _, size = given.partition("=")
        if name not in read:
            read[name] = read_examples(options.examples / f"{name}.jsonl", vocabulary)
        both = read[name]
        here = [example for example in both if not is_held_out(example.article)]
        chance.shuffle(here)
        train += here[: int(size) if size else None]
    for both in read.values():
        held += [example for example in both if is_held_out(example.article)][:60]
    print(f"{len(train)} questions to train on, {len(held)} held out", flush=True)
    reader = Reader(len(numbers)).to(device)
    if options.start:
        reader.load_state_dict(torch.load(options.start, map_location=device, weights_only=True))
    else:
        reader.encoder.load_state_dict(load_base(options.base / "model.safetensors", numbers).state_dict())
    reader.to(device)
    options.out.mkdir(parents=True, exist_ok=True)
    steps = int(len(train) * options.epochs) // options.batch
    optimizer = optimizer_of(reader, options.rate, options.frozen)
    fit(
        reader,
        optimizer,
        steps,
        _batches(train, vocabulary, chance, options.batch, options.two_wrong),
        held,
        vocabulary,
        options.out,
    )


def loss_of(reader: Reader, drawn: Sequence[Drawn]) -> Tensor:
    """Return the mean loss of some examples."""
    device = reader.device
    readings = [(reading, number) for number, one in enumerate(drawn) for reading in one.readings]
    order = sorted(range(len(readings)), key=lambda at: len(readings[at][0].pieces))
    scores: dict[int, Tensor] = {}
    marks: dict[int, Tensor] = {}
    for part in _parts(order):
        batch = batch_of([readings[at][0] for at in part], device)
        found = reader(batch)
        sizes = [len(readings[at][0].spans) for at in part]
        scores.update(zip(part, found.sentences.split(sizes), strict=True))
        lengths = [len(readings[at][0].pieces) for at in part]
        marks.update(zip(part, found.marks.split(lengths), strict=True))
    total = torch.zeros((), device=device)
    at = 0
    for one in drawn:
        mine = torch.cat([scores[at + number] for number in range(len(one.readings))])
        labels = torch.tensor(one.labels, device=device)
        none = torch.zeros(1, device=device)
        judged = mine[labels != -1]
        everything = torch.logsumexp(torch.cat([judged, none]), 0)
        right = mine[labels == RIGHT]
        total = total + everything - (torch.logsumexp(right, 0) if len(right) else none[0])
        if one.answer is not None:
            sentence, start, end = one.answer
            first = one.readings[0].spans[sentence][0]
            lines = torch.log_softmax(marks[at], 0)
            total = total - MARK_WEIGHT * 0.5 * (lines[first + start, 0] + lines[first + end - 1, 1])
        at += len(one.readings)
    return total / len(drawn)


def _parts(order: Sequence[int], size: int = 12) -> Iterator[Sequence[int]]:
    return (order[start : start + size] for start in range(0, len(order), size))


def optimizer_of(reader: Reader, rate: float, frozen: int) -> torch.optim.Optimizer:
    """Return an optimizer for `reader`, without its word and position vectors and lowest `frozen` layers."""
    encoder = reader.encoder
    for part in (encoder.words, encoder.places, *encoder.layers[:frozen]):
        part.requires_grad_(False)
    if frozen:
        encoder.kinds.requires_grad_(False)
        encoder.norm.requires_grad_(False)
    layers = [p for p in encoder.parameters() if p.requires_grad]
    known = {id(p) for p in encoder.parameters()}
    heads = [p for p in reader.parameters() if id(p) not in known]
    groups = [{"params": layers, "lr": rate}, {"params": heads, "lr": HEAD_RATE * rate / ENCODER_RATE}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def fit(
    reader: Reader,
    optimizer: torch.optim.Optimizer,
    steps: int,
    batches: Iterator[list[Drawn]],
    held: list[Example],
    vocabulary: WordPieces,
    out: Path,
) -> None:
    """Train `reader` for `steps` batches, on its own device."""
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARM_UP * steps), max(0.02, (steps - step) / steps))
    )
    started, lost = time.monotonic(), 0.0
    report(reader, vocabulary, held[::4], "before")
    for step in range(1, steps + 1):
        loss = loss_of(reader, next(batches))
        optimizer.zero_grad()
        loss.backward()
        # Skip gradients that are not finite: one batch in hundreds of thousands must not undo all others.
        if torch.isfinite(torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)):
            optimizer.step()
        schedule.step()
        lost += float(loss.detach())
        if step % 10 == 0:
            print(f"{step}/{steps} loss {lost / 10:.4f} {time.monotonic() - started:.0f} s", flush=True)
            lost = 0.0
        if step % 100 == 0 or step == steps:
            torch.save(reader.state_dict(), out / "partial.pt")
            (out / "partial.pt").replace(out / "reader.pt")
        if step % 400 == 0 or step == steps:
            report(reader, vocabulary, held[:: 1 if step == steps else 4], str(step))


def _batches(
    train: list[Example], vocabulary: WordPieces, chance: random.Random, size: int, two_wrong: float
) -> Iterator[list[Drawn]]:
    """Yield batches of `size` examples without end; each pass goes through all examples."""
    batch: list[Drawn] = []
    while True:
        chance.shuffle(train)
        for example in train:
            one = draw(example, vocabulary, chance, two_wrong)
            if one is not None:
                batch.append(one)
            if len(batch) == size:
                yield batch
                batch = []


@torch.no_grad()
def report(reader: Reader, vocabulary: WordPieces, held: Sequence[Example], when: str) -> None:
    """Print P@1 and R@3 for each set, on the held-out questions that have a window that answers."""
    device = reader.device
    found: dict[str, list[tuple[bool, bool]]] = {}
    for example in held:
        chosen = [*example.right[:1], *example.wrong[:6]]
        if not example.right:
            continue
        question = vocabulary.numbers_of(example.question)
        readings = [window_input(vocabulary, question, one.context, one.window) for one in chosen]
        scores = reader(batch_of(readings, device)).sentences
        labels = torch.tensor([label for one in chosen for label in one.labels], device=device)
        best = labels[scores.masked_fill(labels == -1, -1e9).argsort(descending=True)[:3]].tolist()
        found.setdefault(example.set_name, []).append((best[0] == RIGHT, RIGHT in best))
    everything = [pair for pairs in found.values() for pair in pairs]
    for name, pairs in [*found.items(), ("all", everything)]:
        first, three = (sum(pair[at] for pair in pairs) / len(pairs) for at in (0, 1))
        print(f"  {when} {name}: {len(pairs)} P@1 {first:.3f} R@3 {three:.3f}", flush=True)


if __name__ == "__main__":
    main()
