"""Formulas in a line of plain text, as people type them: "1/20", "√16", "x²", "∑_(i=1)^n x_i"."""

from articleqa.loaders.formulas.mathml import line_of_mathml
from articleqa.loaders.formulas.notation import after
from articleqa.loaders.formulas.omml import line_of_omml

__all__ = ["after", "line_of_mathml", "line_of_omml"]
