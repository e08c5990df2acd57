"""Running the application: the socket that it listens on, its limits, and its log."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

import uvicorn

from articleqa.printing import one_line
from articleqa.web.app import create_app
from articleqa.web.connections import LARGEST_HEAD, limited_protocol
from articleqa.web.served import Served


class Server(uvicorn.Server):
    """A uvicorn server that calls a function once it takes requests, and always stops in good order.

    uvicorn drops the application at a second Ctrl-C or if startup fails: a traceback in the log.
    """

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        """Store the function."""
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call the function; stop if that fails."""
        await super().startup(sockets)
        try:
            self._on_start()
        except BaseException:
            await self.shutdown(sockets)
            raise

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop at the first signal; stopping takes seconds at most, so others change nothing."""
        if not self.should_exit:
            super().handle_exit(sig, frame)


def serve(served: Served, listener: socket.socket, on_start: Callable[[], None]) -> None:
    """Serve until Ctrl-C; call `on_start` once requests are taken."""
    _raise_file_limit()
    log_to_stderr()
    with listener:
        server_of(served, on_start).run(sockets=[listener])


def server_of(served: Served, on_start: Callable[[], None]) -> Server:
    """Return the server of an index, which does not run yet."""
    config = uvicorn.Config(
        create_app(served),
        http=limited_protocol(),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=2,
    )
    return Server(config, on_start)


def log_to_stderr() -> None:
    """Write the log of requests, and what uvicorn reports, to standard error, one line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("%(asctime)s %(message)s", "%H:%M:%S"))
    for name, level in (("articleqa.web", logging.INFO), ("uvicorn.error", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers[:] = [handler]
        log.setLevel(level)
        log.propagate = False


class _OneLine(logging.Formatter):
    """Formats a record on one line, without a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_info = record.exc_text = record.stack_info = None
        return one_line(super().format(record))


def _raise_file_limit() -> None:
    """Allow as many open files as the system lets this process have: each connection is one."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536) if most > 0 else 65_536, most))


def addresses(host: str) -> Sequence[str]:
    """Return the names that requests to a server on `host` may be made to.

    A server that listens to other machines cannot know all of its names: it takes any address in numbers, its
    own name, and the names that it is told.
    """
    own = socket.gethostname().lower()
    return (host, own, own.partition(".")[0], f"{own.partition('.')[0]}.local", "*ip")
