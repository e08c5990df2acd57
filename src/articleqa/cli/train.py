"""`articleqa train`: fit a ranker to question sets."""

from __future__ import annotations

from pathlib import Path

import click

from articleqa.cli.extras import require
from articleqa.cli.output import emit
from articleqa.cli.output_files import check_writable, opened
from articleqa.cli.progress import progress_bar
from articleqa.cli.question_sets import read_sets, set_options
from articleqa.exceptions import QuestionSetError


@click.command("train")
@set_options
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the ranker to this file.",
)
@click.option(
    "--folds",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="Report P@1 on held-out articles, by cross-validation in N parts; 0 skips this and is faster.",
)
def train_command(
    questions: tuple[Path, ...], paragraphs: tuple[Path, ...], articles: str | None, out: Path, folds: int
) -> None:
    """Fit a ranker to your own questions: the words ranker, and the weights that add the reader's score.

    QUESTIONS are files in the formats of `articleqa eval`. Use the ranker with `articleqa --ranker FILE`, and
    calibrate a confidence model for it with `articleqa calibrate`. Without onnxruntime, only the words ranker
    is fitted. With OPENBLAS_NUM_THREADS=1 in the environment, the same input gives the same bytes. Needs
    scipy: pip install "articleqa[train]".
    """
    from articleqa.encoder.model import encoder_model
    from articleqa.training.examples import ask_all
    from articleqa.training.joining import with_joining
    from articleqa.training.ranker import learn_ranker

    if folds == 1:
        raise click.UsageError("--folds 1 leaves nothing to train on; give 0, or at least 2")
    require("scipy", extra="train", wanted_by="articleqa train")
    sets = read_sets(questions, paragraphs, articles)
    check_writable(out)
    asked = list(ask_all(sets))
    names = ", ".join(question_set.name for question_set in sets)
    with progress_bar("Reading", len(asked)) as step:
        try:
            ranker, held_out = learn_ranker(
                asked,
                about=f"Fitted by `articleqa train` to {len(asked)} questions of {names}.",
                folds=folds,
                on_question=step,
            )
        except QuestionSetError as error:
            raise click.ClickException(
                f"{names}: {error}; check that the questions are about the articles"
            ) from error
    if encoder_model() is not None:
        with progress_bar("Weighting", len(asked)) as step:
            ranker = with_joining(ranker, asked, on_question=step)
    with opened(out) as file:
        file.write(ranker.model_dump_json(indent=1) + "\n")
    emit(f"{out}: a ranker fitted to {len(asked)} questions\n")
    if held_out is not None:
        emit(f"P@1 by words on held-out articles: {held_out:.3f}\n")
    elif folds:
        emit("no P@1 on held-out articles: too few of them hold answers\n")
