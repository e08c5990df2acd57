"""Run Python programs in forks of one process that has imported what they import, for `commands.py`.

A program costs its own work then, and not the second in which a fresh interpreter imports everything. It runs
as a main script does, with its own arguments, environment, folder and streams, and ends as one. What Python
decides before a program starts is that of this process: the hash seed, the encoding of the streams, `-W`.

Only modules are loaded, and none that starts threads, which a fork does not have.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import os
import runpy
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

IMPORTED = (
    "articleqa.answering.answerer",
    "articleqa.cli.ask",
    "articleqa.cli.calibrate",
    "articleqa.cli.eval",
    "articleqa.cli.index",
    "articleqa.cli.train",
    "articleqa.encoder.model",
    "articleqa.index.cache.index",
    "articleqa.index.check",
    "articleqa.retrieval.tantivy",
    "rich.console",
    "rich.progress",
)
"""onnxruntime is missing: it starts a thread when it is imported."""

STREAMS = 3


def serve(requests: socket.socket) -> dict[str, Any] | None:
    """Fork for each request; return it in the fork, and None in this process when there are no more."""
    while True:
        data, received = _received(requests)
        if not data:
            return None
        if not os.fork():
            requests.close()
            return _forked(received)
        for each in received:
            os.close(each)
        _reap()


def _received(requests: socket.socket) -> tuple[bytes, list[int]]:
    descriptors = array.array("i")
    data, more, *_ = requests.recvmsg(1, socket.CMSG_SPACE((STREAMS + 2) * descriptors.itemsize))
    for _, _, packed in more:
        descriptors.frombytes(packed)
    return data, list(descriptors)


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _forked(received: list[int]) -> dict[str, Any]:
    """Fork the program, report its id and its end, and return the request in it."""
    asked, report = received[STREAMS:]
    with open(asked, "rb") as file:  # noqa: PTH123 - a descriptor
        request: dict[str, Any] = json.load(file)
    pid = os.fork()
    if pid:
        for stream in (
            *range(STREAMS),
            *received[:STREAMS],
        ):  # another end of a pipe or a terminal must not wait
            os.close(stream)
        os.write(report, b"%d\n" % pid)
        os.write(report, b"%d\n" % os.waitpid(pid, 0)[1])
        os._exit(0)
    os.close(report)
    if request["terminal"]:
        import fcntl
        import termios

        os.setsid()
        fcntl.ioctl(received[0], termios.TIOCSCTTY, 0)  # so that Ctrl-C is a signal
    for number, stream in enumerate(received[:STREAMS]):
        os.dup2(stream, number)
        os.close(stream)
    return request


def prepare(request: dict[str, Any]) -> None:
    """Make this process what the interpreter of the program would be."""
    ours = [str(Path(entry).absolute()) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    ends = (("stdin", "r", errors), ("stdout", "w", errors), ("stderr", "w", "backslashreplace"))
    for number, (name, mode, handler) in enumerate(ends):
        buffering = 1 if name == "stderr" else -1
        stream = open(number, mode, buffering, encoding=encoding, errors=handler, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    kind, *rest = request["arguments"]
    first = {"-c": "", "-m": request["cwd"]}.get(kind, str(Path(kind).parent))
    path = [entry for entry in request["env"].get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:] = [first, *path, *(entry for entry in sys.path[1:] if entry not in ours)]
    sys.path_importer_cache.clear()
    sys.argv = [kind, *rest[1:]] if kind in ("-c", "-m") else [kind, *rest]


def run(arguments: list[str]) -> None:
    """Run a program as `python ARGUMENTS` does."""
    kind, *rest = arguments
    if kind == "-c":
        main = ModuleType("__main__")
        sys.modules["__main__"] = main
        exec(compile(rest[0], "<string>", "exec"), main.__dict__)
    elif kind == "-m":
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(kind, run_name="__main__")


if __name__ == "__main__":
    for module in IMPORTED:
        importlib.import_module(module)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        request = serve(channel)
    if request is not None:
        prepare(request)
        run(request["arguments"])
    else:
        with suppress(ChildProcessError):
            while os.waitpid(-1, 0):
                pass
