"""Calls of one pdfium function for many characters or objects, at a fifth of ctypes' usual time for each.

Two things make a call cheap. The function has no declared types but that of an object's address, so that
ctypes converts nothing: indices are passed as C ints, pointers as they are. And the pointers to where it
writes are made once, not for each call.
"""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 512
"""Number of calls before what they wrote is copied."""

_WIDTH = 6
"""A call writes at most this many numbers."""


class _Memory(threading.local):
    """Memory that the calls of a thread write to, and a pointer to each number in it."""

    def __init__(self) -> None:
        """Reserve memory for `_AT_ONCE` calls that write floats or doubles."""
        self.of = {kind: (kind * (_WIDTH * _AT_ONCE))() for kind in (ctypes.c_float, ctypes.c_double)}
        self.pointers = {
            kind: [ctypes.byref(memory, ctypes.sizeof(kind) * place) for place in range(len(memory))]
            for kind, memory in self.of.items()
        }


_MEMORY = _Memory()


def numbers_at(name: str, page: object, places: Sequence[int]) -> NDArray[np.int64]:
    """Return the numbers without a sign that a function returns for these places on `page`."""
    return _returned(name, ctypes.c_uint, np.uint32, places, page).astype(np.int64)


def sizes_at(name: str, page: object, places: Sequence[int]) -> NDArray[np.float64]:
    """Return the doubles that a function returns for these places on `page`."""
    return _returned(name, ctypes.c_double, np.float64, places, page)


def objects_at(name: str, page: object, places: Sequence[int]) -> NDArray[np.uint64]:
    """Return the addresses of the objects that a function returns for these places on `page`, 0 for none."""
    return _returned(name, ctypes.c_size_t, np.uint64, places, page)


def objects_of(name: str, objects: Sequence[int]) -> NDArray[np.uint64]:
    """Return the addresses of the objects that a function returns for those at these addresses."""
    return _returned(name, ctypes.c_size_t, np.uint64, objects)


def numbers_of(name: str, objects: Sequence[int]) -> NDArray[np.int32]:
    """Return the numbers that a function returns for the objects at these addresses."""
    return _returned(name, ctypes.c_int, np.int32, objects)


def floats_at(name: str, page: object, places: Sequence[int], *, count: int) -> NDArray[np.float32]:
    """Return the structures of `count` floats that a function writes for these places on `page`."""
    written: NDArray[np.float32] = _written(name, ctypes.c_float, 1, places, page)[:, :count]
    return written


def floats_of(name: str, objects: Sequence[int], *, count: int) -> NDArray[np.float32]:
    """Return the floats that a function writes to `count` pointers for the objects at these addresses."""
    written: NDArray[np.float32] = _written(name, ctypes.c_float, count, objects)[:, :count]
    return written


def doubles_at(name: str, page: object, places: Sequence[int], *, count: int) -> NDArray[np.float64]:
    """Return the doubles that a function writes to `count` pointers for these places on `page`."""
    written: NDArray[np.float64] = _written(name, ctypes.c_double, count, places, page)[:, :count]
    return written


def _returned(
    name: str, kind: Hashable, dtype: type[Any], things: Sequence[int], page: object = None
) -> NDArray[Any]:
    """Return what a function returns for each of these places on a page, or objects without one."""
    calls = map(_function(name, kind, takes_object=page is None), *_arguments(things, page))
    return np.fromiter(calls, dtype=dtype, count=len(things))


def _written(
    name: str, kind: type[Any], pointers: int, things: Sequence[int], page: object = None
) -> NDArray[Any]:
    """Return what a function writes to this many pointers, and the numbers after the last of them."""
    memory = np.ctypeslib.as_array(_MEMORY.of[kind]).reshape(_AT_ONCE, _WIDTH)
    outputs = [_MEMORY.pointers[kind][number::_WIDTH] for number in range(pointers)]
    call = _function(name, ctypes.c_int, takes_object=page is None)
    written = np.empty((len(things), _WIDTH), dtype=kind)
    for start in range(0, len(things), _AT_ONCE):
        some = things[start : start + _AT_ONCE]
        memory[: len(some)] = 0
        deque(map(call, *_arguments(some, page), *outputs), maxlen=0)
        written[start : start + _AT_ONCE] = memory[: len(some)]
    return written


def _arguments(things: Sequence[int], page: Any) -> tuple[Iterable[Any], ...]:
    """Return the arguments of calls: a page and a place on it, or the address of an object."""
    return (things,) if page is None else (repeat(ctypes.byref(page.contents)), things)


@cache
def _function(name: str, returned: type[Any], *, takes_object: bool) -> Callable[..., int]:
    """Return pdfium's function of this name; only the address of an object has a declared type."""
    import pypdfium2.raw as pdfium

    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p)
    function = ctypes.PYFUNCTYPE(returned)(address.value or 0)
    if takes_object:
        function.argtypes = [ctypes.c_void_p]
    return function
