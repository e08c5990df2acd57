"""The reader in torch: a BERT encoder, and the heads that score sentences and mark answers.

The encoder is that of Devlin et al. 2019, "BERT", in the size of all-MiniLM-L6-v2 (6 layers of 384).
Windows of different lengths are packed: the dense layers see no padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from articleqa.ranking.windows import Reading

SIZE, LAYERS, HEADS, INNER, PLACES = 384, 6, 12, 1536, 512
HIDDEN = 128
"""Hidden units of the head that scores a sentence."""


class Batch(NamedTuple):
    """Packed windows: t pieces of w windows with s sentences.

    `pieces`, `kinds` (0 question, 1 text) and `places` are (t,); `cells` (t,) says where each piece
    stands in a (w, longest) table; `mask` (w, longest) which cells are filled; `sentence_of` (t,) has
    the sentence of each piece, s where it is of none; `window_of` (s,) the window of each sentence;
    `asked` (t,) the window of each of the question's pieces, w for others.
    """

    pieces: Tensor
    kinds: Tensor
    places: Tensor
    cells: Tensor
    mask: Tensor
    sentence_of: Tensor
    window_of: Tensor
    asked: Tensor


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.joint = nn.Linear(SIZE, 3 * SIZE)
        self.out = nn.Linear(SIZE, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.up = nn.Linear(SIZE, INNER)
        self.down = nn.Linear(INNER, SIZE)
        self.last_norm = nn.LayerNorm(SIZE, eps=1e-12)

    def forward(self, x: Tensor, cells: Tensor, mask: Tensor) -> Tensor:
        """Return the next states of packed states (t, size)."""
        windows, longest = mask.shape
        table = x.new_zeros(windows * longest, 3 * SIZE).index_copy(0, cells, self.joint(x))
        query, key, value = (
            part.view(windows, longest, HEADS, SIZE // HEADS).transpose(1, 2)
            for part in table.view(windows, longest, 3 * SIZE).split(SIZE, dim=-1)
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        seen = seen.transpose(1, 2).reshape(windows * longest, SIZE)[cells]
        x = self.norm(x + self.out(seen))
        return self.last_norm(x + self.down(functional.gelu(self.up(x))))  # type: ignore[no-any-return]


class Encoder(nn.Module):
    """Word, place and kind embeddings, and the layers."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, SIZE)
        self.places = nn.Embedding(PLACES, SIZE)
        self.kinds = nn.Embedding(2, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, batch: Batch) -> Tensor:
        """Return the last states (t, size)."""
        x = self.norm(self.words(batch.pieces) + self.places(batch.places) + self.kinds(batch.kinds))
        for layer in self.layers:
            x = layer(x, batch.cells, batch.mask)
        return x  # type: ignore[no-any-return]


class Scores(NamedTuple):
    """What the reader says: a score for each sentence (s,); start and end of an answer, for each piece (t, 2)."""

    sentences: Tensor
    marks: Tensor


class Reader(nn.Module):
    """The encoder with its heads.

    A sentence's score is that of its mean state beside the question's (their cosine, and a small
    network over the two), and of its likeliest pieces. "None of these" has the score 0.
    """

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.encoder = Encoder(vocabulary)
        self.hidden = nn.Linear(3 * SIZE, HIDDEN)
        self.output = nn.Linear(HIDDEN, 1)
        self.cosine = nn.Parameter(torch.tensor([10.0, -4.0]))
        self.token = nn.Linear(SIZE, 3)
        for linear in (self.output, self.token):
            nn.init.zeros_(linear.weight)
            nn.init.zeros_(linear.bias)

    def forward(self, batch: Batch) -> Scores:
        """Return the scores of all sentences, and marks of all pieces."""
        states = self.encoder(batch)
        sentences, windows = len(batch.window_of), len(batch.mask)
        said, sizes = _means(states, batch.sentence_of, sentences)
        asked = _means(states, batch.asked, windows)[0][batch.window_of]
        product = functional.normalize(said, dim=-1) * functional.normalize(asked, dim=-1)
        hidden = functional.gelu(self.hidden(torch.cat([said, asked, 20.0 * product], dim=-1)))
        token = self.token(states)
        likely = torch.zeros(sentences + 1, dtype=states.dtype, device=states.device)
        likely = likely.index_add(0, batch.sentence_of, token[:, 2].clamp(max=15.0).exp())[:sentences]
        scores = (
            self.cosine[0] * product.sum(-1)
            + self.cosine[1]
            + self.output(hidden).squeeze(-1)
            + (likely / sizes).log()
        )
        return Scores(scores, token[:, :2])


def _means(states: Tensor, group_of: Tensor, groups: int) -> tuple[Tensor, Tensor]:
    """Return the mean state of each group, and their sizes; pieces of the group `groups` count for none."""
    sums = states.new_zeros(groups + 1, states.shape[-1]).index_add(0, group_of, states)[:groups]
    sizes = torch.bincount(group_of, minlength=groups + 1)[:groups].clamp(min=1)
    return sums / sizes[:, None], sizes


def batch_of(readings: Sequence[Reading], device: str = "cpu") -> Batch:
    """Pack windows."""
    longest = max(len(reading.pieces) for reading in readings)
    pieces: list[int] = []
    kinds: list[int] = []
    places: list[int] = []
    cells: list[int] = []
    window_of: list[int] = []
    asked: list[int] = []
    sentence_of: list[int] = []
    none = sum(len(reading.spans) for reading in readings)
    for window, reading in enumerate(readings):
        size = len(reading.pieces)
        pieces += reading.pieces
        kinds += [int(place > reading.question_end) for place in range(size)]
        places += range(size)
        cells += range(window * longest, window * longest + size)
        asked += [window if 0 < place < reading.question_end else len(readings) for place in range(size)]
        of = [none] * size
        for start, end in reading.spans:
            of[start:end] = [len(window_of)] * (end - start)
            window_of.append(window)
        sentence_of += of
    mask = torch.zeros(len(readings) * longest, dtype=torch.bool)
    mask[cells] = True

    def tensor(values: list[int]) -> Tensor:
        return torch.tensor(values, device=device)

    return Batch(
        tensor(pieces),
        tensor(kinds),
        tensor(places),
        tensor(cells),
        mask.view(len(readings), longest).to(device),
        tensor(sentence_of),
        tensor(window_of),
        tensor(asked),
    )


def load_base(path: Path, numbers: Sequence[int]) -> Encoder:
    """Return the encoder of all-MiniLM-L6-v2's `model.safetensors`, with the rows `numbers` of its vocabulary."""
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
