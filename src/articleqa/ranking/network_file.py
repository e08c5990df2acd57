"""Storage of the network's arrays in a ranker file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Self

import numpy as np
from pydantic import model_validator

from articleqa.models import Model
from articleqa.ranking.network import SHAPES, Network


class StoredNetwork(Model):
    """The network's arrays as 16-bit little-endian floats in base64.

    `sha256` is the checksum of the bytes of all arrays together, ordered by name.
    """

    sha256: str
    arrays: Mapping[str, str]

    @classmethod
    def of(cls, network: Network) -> Self:
        """Store `network`, whose values must be exact in 16 bits."""
        stored = {name: array.astype("<f2").tobytes() for name, array in network.arrays.items()}
        return cls(
            sha256=_checksum(stored),
            arrays={name: base64.b64encode(data).decode("ascii") for name, data in stored.items()},
        )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _ = self.network  # decoding validates it
        return self

    @cached_property
    def network(self) -> Network:
        """The decoded network.

        Raises:
            ValueError: the arrays are damaged, or do not fit this version's network.
        """
        try:
            stored = {name: base64.b64decode(text, validate=True) for name, text in self.arrays.items()}
        except ValueError as error:
            raise ValueError(f"the arrays are not base64 ({error})") from None
        if _checksum(stored) != self.sha256:
            raise ValueError("the arrays do not match the checksum in the file")
        for name, shape in SHAPES.items():
            if name in stored and len(stored[name]) != 2 * int(np.prod(shape)):
                raise ValueError(f"{name} has {len(stored[name])} bytes, not {2 * int(np.prod(shape))}")
        return Network.from_arrays(
            {
                # `from_arrays` refuses an unknown array by its name, so its bytes do not matter.
                name: np.frombuffer(data, dtype="<f2").reshape(SHAPES[name])
                if name in SHAPES
                else np.zeros(0)
                for name, data in stored.items()
            }
        )


def _checksum(stored: Mapping[str, bytes]) -> str:
    return hashlib.sha256(b"".join(stored[name] for name in sorted(stored))).hexdigest()
