"""The reader in torch: a BERT encoder, and the heads that score sentences and mark answers.

The encoder is that of Devlin et al. 2019, "BERT", in the size of all-MiniLM-L6-v2 (6 layers of 384).
Windows of different lengths are packed, so the dense layers see no padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from articleqa.encoder.packing import Packed, packed
from articleqa.encoder.windows import WindowInput

SIZE, LAYERS, HEADS, INNER, PLACES = 384, 6, 12, 1536, 512
HIDDEN = 128
"""Hidden units of the head that scores a sentence."""

LEAST = 1e-9
"""Replaces the 0 of a sentence without pieces, since log(0) has no derivative."""


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self) -> None:
        """Start with random weights."""
        super().__init__()
        self.joint = nn.Linear(SIZE, 3 * SIZE)
        self.out = nn.Linear(SIZE, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.up = nn.Linear(SIZE, INNER)
        self.down = nn.Linear(INNER, SIZE)
        self.last_norm = nn.LayerNorm(SIZE, eps=1e-12)

    def forward(self, x: Tensor, windows: Tensor, cells: Tensor, unseen: Tensor) -> Tensor:
        """Return the next states of packed states (t, size); `unseen` is added to the attention scores."""
        count, longest = windows.shape
        table = functional.pad(self.joint(x), (0, 0, 0, 1))[windows]
        query, key, value = (
            part.reshape(count, longest, HEADS, SIZE // HEADS).transpose(1, 2)
            for part in table.split(SIZE, dim=-1)
        )
        likeness = query @ key.transpose(-1, -2) * (SIZE // HEADS) ** -0.5 + unseen
        seen = torch.softmax(likeness, dim=-1) @ value
        seen = seen.transpose(1, 2).reshape(count * longest, SIZE)[cells]
        x = self.norm(x + self.out(seen))
        return self.last_norm(x + self.down(functional.gelu(self.up(x))))


class Encoder(nn.Module):
    """Embeddings of words, positions (`places`) and token types (`kinds`), and the layers."""

    def __init__(self, vocabulary: int) -> None:
        """Start with random weights, for a vocabulary of this size."""
        super().__init__()
        self.words = nn.Embedding(vocabulary, SIZE)
        self.places = nn.Embedding(PLACES, SIZE)
        self.kinds = nn.Embedding(2, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def embed(self, pieces: Tensor, places: Tensor) -> Tensor:
        """Return the sums of piece and position vectors: (t, size)."""
        return self.words(pieces) + self.places(places)

    def forward(self, embedded: Tensor, kinds: Tensor, windows: Tensor, cells: Tensor) -> Tensor:
        """Return the last states (t, size) of packed pieces, given their vectors from `embed`."""
        x = self.norm(embedded + self.kinds(kinds))
        unseen = (windows == embedded.shape[0]).to(x.dtype)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, windows, cells, unseen)
        return x


class Scores(NamedTuple):
    """A score for each sentence (s,), and marks of an answer's start and end for each piece (t, 2)."""

    sentences: Tensor
    marks: Tensor


class Reader(nn.Module):
    """The encoder with its heads.

    A sentence's score is the sum of two scores: that of its mean state against the question's (their cosine,
    and a small network over the two), and that of its likeliest pieces. "None of these" has the score 0.
    """

    def __init__(self, vocabulary: int) -> None:
        """Start with random weights, for a vocabulary of this size."""
        super().__init__()
        self.encoder = Encoder(vocabulary)
        self.hidden = nn.Linear(3 * SIZE, HIDDEN)
        self.output = nn.Linear(HIDDEN, 1)
        self.cosine = nn.Parameter(torch.tensor([10.0, -4.0]))
        self.token = nn.Linear(SIZE, 3)
        for linear in (self.output, self.token):
            nn.init.zeros_(linear.weight)
            nn.init.zeros_(linear.bias)

    @property
    def device(self) -> str:
        """The device of the reader, for which windows must be packed."""
        return str(self.cosine.device)

    def forward(self, batch: Packed[Tensor]) -> Scores:
        """Return the scores of all sentences, and the marks of all pieces."""
        embedded = self.encoder.embed(batch.pieces, batch.places)
        return self.read(embedded, batch.kinds, *batch[3:])

    def read(
        self,
        embedded: Tensor,
        kinds: Tensor,
        windows: Tensor,
        cells: Tensor,
        sentences: Tensor,
        asked: Tensor,
        window_of: Tensor,
    ) -> Scores:
        """Return the scores, given the pieces' vectors from `embed` (t, size) instead of their numbers."""
        states = self.encoder(embedded, kinds, windows, cells)
        said, question = mean(states, sentences), mean(states, asked)[window_of]
        product = functional.normalize(said, dim=-1) * functional.normalize(question, dim=-1)
        hidden = functional.gelu(self.hidden(torch.cat([said, question, 20.0 * product], dim=-1)))
        token = self.token(states)
        scores = (
            self.cosine[0] * product.sum(-1)
            + self.cosine[1]
            + self.output(hidden).squeeze(-1)
            + mean(token[:, 2:].clamp(max=15.0).exp(), sentences).squeeze(-1).clamp(min=LEAST).log()
        )
        return Scores(scores, token[:, :2])


def mean(rows: Tensor, table: Tensor) -> Tensor:
    """Return, for each line of a table of row numbers, the mean of those rows; empty cells hold t."""
    count = (table < rows.shape[0]).sum(-1, keepdim=True).clamp(min=1)
    return functional.pad(rows, (0, 0, 0, 1))[table].sum(1) / count


class SentenceVectors(nn.Module):
    """The encoder with a vector for each sentence, which depends on the other sentences of its window."""

    def __init__(self, encoder: Encoder) -> None:
        """Wrap `encoder`."""
        super().__init__()
        self.encoder = encoder

    def forward(
        self,
        embedded: Tensor,
        kinds: Tensor,
        windows: Tensor,
        cells: Tensor,
        sentences: Tensor,
    ) -> Tensor:
        """Return a unit vector for each sentence (s, size)."""
        states = self.encoder(embedded, kinds, windows, cells)
        return functional.normalize(mean(states, sentences), dim=-1)


def batch_of(readings: Sequence[WindowInput], device: str = "cpu") -> Packed[Tensor]:
    """Pack windows into tensors on `device`."""
    return Packed(*(torch.from_numpy(array).to(device) for array in packed(readings)))


def load_base(path: Path, numbers: Sequence[int]) -> Encoder:
    """Return the encoder from all-MiniLM-L6-v2's `model.safetensors`, with only these vocabulary rows."""
    base = load_file(path)
    encoder = Encoder(len(numbers))
    state: dict[str, Tensor] = {
        "words.weight": base["embeddings.word_embeddings.weight"][torch.tensor(numbers)],
        "places.weight": base["embeddings.position_embeddings.weight"],
        "kinds.weight": base["embeddings.token_type_embeddings.weight"],
        "norm.weight": base["embeddings.LayerNorm.weight"],
        "norm.bias": base["embeddings.LayerNorm.bias"],
    }
    for number in range(LAYERS):
        ours, theirs = f"layers.{number}.", f"encoder.layer.{number}."
        for part in ("weight", "bias"):
            state[f"{ours}joint.{part}"] = torch.cat(
                [base[f"{theirs}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            )
            state[f"{ours}out.{part}"] = base[f"{theirs}attention.output.dense.{part}"]
            state[f"{ours}norm.{part}"] = base[f"{theirs}attention.output.LayerNorm.{part}"]
            state[f"{ours}up.{part}"] = base[f"{theirs}intermediate.dense.{part}"]
            state[f"{ours}down.{part}"] = base[f"{theirs}output.dense.{part}"]
            state[f"{ours}last_norm.{part}"] = base[f"{theirs}output.LayerNorm.{part}"]
    encoder.load_state_dict(state)
    return encoder
