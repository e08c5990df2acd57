"""Forked workers: one process imports what they need; whatever ends, no work and no worker is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest

import workloads
from articleqa import _parallel
from articleqa._parallel import parallel_map
from articleqa._worker import Limits
from articleqa._worker_pool import WorkerEndedError, WorkerPool
from processes import assert_all_end, children_of, parent_of
from user_path import USER_PATH

pytestmark = [
    pytest.mark.workers,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has forked workers"),
]

MODULES = ("workloads",)


@pytest.fixture
def pool() -> Iterator[WorkerPool[float, int]]:
    made = WorkerPool(workloads.pid_after, 2, modules=MODULES)
    yield made
    made.stop()


def test_workers_are_forks_of_one_process(pool: WorkerPool[float, int]) -> None:
    pids = {result() for result in [pool.submit(0.3) for _ in range(4)]}
    assert len(pids) == 2
    (server,) = set(map(parent_of, pids))
    assert parent_of(server) == os.getpid()
    pool.stop()
    assert_all_end([server, *pids])


def test_no_worker_is_forked_from_a_process_with_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    (tmp_path / "starts_a_thread.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    pool = WorkerPool(workloads.pid_after, 2, modules=("starts_a_thread",))
    try:
        assert parent_of(pool.submit(0.0)()) == os.getpid()
    finally:
        pool.stop()


def test_a_missing_module_stops_no_worker() -> None:
    pool = WorkerPool(workloads.spin, 2, modules=("no_such_module",))
    try:
        assert pool.submit(0.0)() == 0.0
    finally:
        pool.stop()


def test_a_forked_worker_over_its_limits_says_so_and_is_replaced() -> None:
    pool = WorkerPool(workloads.spin, 2, Limits(seconds=0.5), modules=MODULES)
    try:
        results = [pool.submit(seconds) for seconds in (60.0, 60.0, 60.0, 0.1)]
        for result in results[:3]:
            with pytest.raises(WorkerEndedError, match=r"more than 0\.5 seconds of processor time"):
                result()
        assert results[3]() == 0.1
    finally:
        pool.stop()


@pytest.mark.parametrize("which", ["the server", "the workers"])
def test_killed_processes_lose_nothing(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parallel, "WORTH_STARTING_S", 0)
    others = set(children_of(os.getpid()))
    given = range(100)
    found = []
    for number, made in parallel_map(workloads.many_bytes, given, at_once=4, workers=2, modules=MODULES):
        found.append(made)
        if number == 20:
            (server,) = set(children_of(os.getpid())) - others
            for pid in [server] if which == "the server" else children_of(server):
                os.kill(pid, signal.SIGKILL)
    assert found == list(map(workloads.many_bytes, given))
    assert set(children_of(os.getpid())) <= others


def test_a_worker_that_ends_after_the_server_was_killed_is_noticed() -> None:
    pool = WorkerPool(workloads.pid_after, 2, Limits(), modules=MODULES)
    threads = ThreadPoolExecutor(2)
    try:
        pids = {result() for result in [pool.submit(0.3) for _ in range(4)]}
        os.kill(parent_of(min(pids)), signal.SIGKILL)
        asleep = [threads.submit(pool.submit(600.0)) for _ in pids]
        time.sleep(0.2)
        os.kill(min(pids), signal.SIGKILL)
        (noticed,) = wait(asleep, timeout=30, return_when=FIRST_COMPLETED).done
        with pytest.raises(WorkerEndedError, match="crashed"):
            noticed.result()
        assert pool.submit(0.0)() not in pids
    finally:
        pool.stop()
        threads.shutdown()


def test_all_processes_end_with_a_parent_that_is_killed() -> None:
    code = (
        "import time, workloads\nfrom articleqa._worker_pool import WorkerPool\n"
        f"pool = WorkerPool(workloads.spin, 2, modules={MODULES})\n"
        "results = [pool.submit(600.0) for _ in range(2)]\n"
        "while len(pool._processes) < 2 or not pool._has_started:\n    time.sleep(0.01)\n"
        "print('started', flush=True)\ntime.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([USER_PATH, str(Path(__file__).parent)])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "started\n"
    (server,) = children_of(parent.pid)
    pids = [server, *children_of(server)]
    assert len(pids) == 3
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert_all_end(pids)
