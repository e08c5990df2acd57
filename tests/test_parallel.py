"""Worker processes: the same results, whatever script, thread or signal there is, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from itertools import count
from pathlib import Path

import pytest

import workloads
from articleqa import _parallel, _worker, load_articles
from articleqa._parallel import parallel_map
from articleqa._worker import Limits
from articleqa._worker_pool import WorkerEndedError, WorkerPool
from processes import assert_all_end, children_of, is_running
from user_path import USER_PATH

FORMATS = Path(__file__).parent / "fixtures" / "formats"
PDF, DOCX = FORMATS / "pdf" / "harbour.pdf", FORMATS / "docx" / "tea.docx"

pytestmark = pytest.mark.workers

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")


@pytest.fixture(autouse=True)
def processes_start_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parallel, "WORTH_STARTING_S", 0)


def python(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([USER_PATH, str(Path(__file__).parent)])},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        **options,
    )


def test_results_come_in_order_from_other_processes() -> None:
    found = list(parallel_map(workloads.pid_after, [0.0] * 2 + [0.05, 0.0] * 8, at_once=1, workers=2))
    assert [seconds for seconds, _ in found] == [0.0] * 2 + [0.05, 0.0] * 8
    pids = [pid for _, pid in found]
    assert pids[:2] == [os.getpid()] * 2
    assert len(set(pids[2:])) == 2
    assert os.getpid() not in pids[2:]


def test_little_work_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parallel, "WORTH_STARTING_S", 60)
    assert {pid for _, pid in parallel_map(workloads.pid_after, [0.0] * 99, at_once=4)} == {os.getpid()}


@pytest.mark.parametrize(("items", "processes"), [(6, 1), (7, 2)])
def test_little_work_left_starts_no_process(
    items: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_parallel, "WORTH_STARTING_S", 3)
    monkeypatch.setattr(_parallel, "perf_counter", count().__next__)  # each item takes a second
    given = [0.0] * items
    assert len({pid for _, pid in parallel_map(workloads.pid_after, given, at_once=9)}) == processes


def test_no_process_starts_while_the_items_take_longer_than_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count()
    monkeypatch.setattr(_parallel, "perf_counter", lambda: next(clock))  # the work on an item takes a second

    def given() -> Iterator[float]:
        for _ in range(5):
            next(clock)  # a second longer than the work
            yield 0.0

    pids = [pid for _, pid in parallel_map(workloads.pid_after, given(), at_once=1)]
    assert set(pids) == {os.getpid()}


def test_no_more_is_taken_than_is_worked_on() -> None:
    taken = 0

    def given() -> Iterator[float]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield 0.0

    results = parallel_map(workloads.pid_after, given(), at_once=2, workers=2)
    for _ in range(10):
        next(results)
    assert taken < 30
    results.close()  # type: ignore[attr-defined]  # it is a generator


def test_what_was_given_before_an_error_comes_first() -> None:
    def given() -> Iterator[float]:
        yield from [0.0] * 9
        raise OSError("gone")

    results = parallel_map(workloads.pid_after, given(), at_once=2, workers=2)
    assert len([next(results) for _ in range(9)]) == 9
    with pytest.raises(OSError, match="gone"):
        next(results)


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError, match="three"):
        list(parallel_map(workloads.fail_at_three, range(9), at_once=1, workers=2))
    with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
        next(parallel_map(workloads.fail_at_three, range(9), at_once=1, workers=0))


def test_what_cannot_be_sent_is_done_here() -> None:
    doubled = list(parallel_map(lambda number: 2 * number, range(9), at_once=2, workers=2))
    assert doubled == [(number, 2 * number) for number in range(9)]
    locks = [threading.Lock() for _ in range(9)]
    assert [made for _, made in parallel_map(bool, locks, at_once=2, workers=2)] == [True] * 9


@pytest.mark.parametrize("executable", ["", "/bin/false", "/nowhere/python"])
def test_where_no_process_starts_all_is_done_here(monkeypatch: pytest.MonkeyPatch, executable: str) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    results = parallel_map(workloads.pid_after, [0.0] * 20, at_once=1, workers=2)
    assert {pid for _, pid in results} == {os.getpid()}


def test_where_no_thread_starts_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    results = parallel_map(workloads.pid_after, [0.0] * 20, at_once=1, workers=2)
    assert {pid for _, pid in results} == {os.getpid()}


def test_files_are_read_while_the_interpreter_ends() -> None:
    code = (
        "import atexit; from articleqa import load_articles\n"
        f"atexit.register(lambda: print(len(load_articles({str(DOCX)!r}))))"
    )
    assert python("-c", code).stdout == "1\n"


@on_linux
def test_killed_workers_lose_nothing_and_hang_nothing() -> None:
    given = range(100)
    others = set(children_of(os.getpid()))  # such as the server of commands
    results = parallel_map(workloads.many_bytes, given, at_once=4, workers=2)
    found = []
    for number, made in results:
        found.append(made)
        if number in (20, 50):
            for pid in set(children_of(os.getpid())) - others:
                os.kill(pid, signal.SIGKILL)
    assert found == list(map(workloads.many_bytes, given))


def test_any_thread_may_start_processes_at_any_time() -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(load_articles, [DOCX] * 6))
    assert len(found) == 6
    assert all(each == found[0] for each in found)


@on_linux
def test_nothing_is_left_behind(tmp_path: Path) -> None:
    before = children_of(os.getpid())
    load_articles(DOCX)
    assert set(children_of(os.getpid())) <= set(before)
    files = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        load_articles(DOCX)
    until = time.monotonic() + 5
    while len(list(Path("/proc/self/fd").iterdir())) > files:  # the threads close their pipes
        assert time.monotonic() < until
        time.sleep(0.01)


def test_plain_text_starts_no_process(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("The union was shut in 2017.\n")
    code = (
        "import sys; sys.addaudithook(lambda event, _: event == 'subprocess.Popen' and print(event))\n"
        "from articleqa import ArticleIndex, load_articles\n"
        f"index = ArticleIndex.from_articles(load_articles({str(tmp_path)!r}))\n"
        "print([a.answered for a in index.ask_many(['When was the union shut?'] * 3)])"
    )
    assert python("-c", code).stdout == "[True, True, True]\n"


SCRIPT = f"""
print("top")
from articleqa import ArticleIndex, _parallel, load_articles
_parallel.WORTH_STARTING_S = 0
pages = load_articles({str(PDF)!r})
index = ArticleIndex.from_articles(pages)
answers = list(index.ask_many(["How many people died in the flood?"] * 20, workers=2))
print(len(pages), len(answers), len({{a.model_dump_json() for a in answers}}), answers[0].answered)
"""


@pytest.mark.parametrize("way", ["file", "standard input", "interactive"])
def test_script_without_main_guard_runs_once(tmp_path: Path, way: str) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    if way == "file":
        ran = python(tmp_path / "script.py")
    else:
        ran = python(*["-i", "-q"] if way == "interactive" else [], input=SCRIPT)
    assert ran.stdout == "top\n1 20 1 True\n"
    assert ran.stderr.replace(">>> ", "").strip() == ""


def test_files_in_the_current_folder_are_never_run(tmp_path: Path) -> None:
    for name in ("pickle", "socket", "queue", "threading", "signal", "struct", "articleqa"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    code = f"from articleqa import load_articles; print(len(load_articles({str(DOCX)!r})))"
    assert python("-P", "-c", code, cwd=tmp_path).stdout == "1\n"
    assert not (tmp_path / "ran").exists()


BUSY = """
import signal, sys, time, workloads
from articleqa._worker_pool import WorkerPool
pool = WorkerPool(workloads.{work}, 2)
results = [pool.submit({seconds}) for _ in range(2)]
while len(pool._processes) < 2 or not pool._has_started:
    time.sleep(0.01)
print(*[worker._process.pid for worker in pool._processes], flush=True)
"""


@on_linux
@pytest.mark.parametrize("work", ["spin", "pid_after"])
def test_workers_end_with_a_parent_that_is_killed(work: str) -> None:
    parent = started(BUSY.format(work=work, seconds=600) + "time.sleep(600)")
    assert parent.stdout is not None
    pids = list(map(int, parent.stdout.readline().split()))
    time.sleep(0.2)
    assert len(pids) == 2
    assert all(map(is_running, pids))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert_all_end(pids)


@on_linux
@pytest.mark.parametrize("end", ["", "raise SystemExit", "import os; os._exit(0)", "1 / 0"])
def test_nothing_hangs_at_exit_while_workers_work(end: str) -> None:
    parent = started(BUSY.format(work="pid_after", seconds=600) + end)
    assert parent.stdout is not None
    pids = list(map(int, parent.stdout.readline().split()))
    parent.wait(timeout=20)
    parent.stdout.close()
    assert_all_end(pids)


def test_results_that_nobody_waits_for_do_not_hang_the_exit() -> None:
    code = (
        "import workloads\nfrom articleqa import _parallel\n_parallel.WORTH_STARTING_S = 0\n"
        "results = _parallel.parallel_map(workloads.pid_after, [0, 0] + [60] * 9, at_once=1, workers=2)\n"
        "print(next(results)[0], next(results)[0])\n"
        "import threading\n"
        "threading.Thread(target=next, args=(results,), daemon=True).start()\n"
        "import time; time.sleep(1)"
    )
    start = time.monotonic()
    assert python("-c", code).stdout == "0 0\n"
    assert time.monotonic() - start < 30


@on_linux
def test_ctrl_c_is_the_parents_alone() -> None:
    code = (
        BUSY.format(work="pid_after", seconds=3).replace(
            "pool =", "signal.signal(signal.SIGINT, lambda *_: print('heard', flush=True))\npool ="
        )
        + "print(*[result() for result in results], flush=True); pool.stop()"
    )
    parent = started(code, start_new_session=True)
    assert parent.stdout is not None
    pids = parent.stdout.readline().split()
    os.killpg(parent.pid, signal.SIGINT)
    assert parent.stdout.readline() == "heard\n"
    assert sorted(parent.stdout.readline().split()) == sorted(pids)
    assert parent.wait() == 0
    parent.stdout.close()


def started(code: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([USER_PATH, str(Path(__file__).parent)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        **options,
    )


def test_limits_are_for_each_piece_of_work() -> None:
    pool = WorkerPool(workloads.spin, 1, Limits(seconds=0.5))
    try:
        results = [pool.submit(seconds) for seconds in (0.3, 0.3, 0.3, 60.0, 0.1)]
        assert [result() for result in results[:3]] == [0.3] * 3
        with pytest.raises(WorkerEndedError, match=r"more than 0\.5 seconds of processor time"):
            results[3]()
        assert results[4]() == 0.1
    finally:
        pool.stop()


@pytest.mark.parametrize(("limits", "status"), [("1, 10**9, 60", 124), ("60, 10**9, 1", 125)])
def test_systems_without_timers_limit_time_too(limits: str, status: int) -> None:
    code = (
        "import signal; del signal.setitimer\n"
        "from articleqa import _worker; import workloads\n"
        f"with _worker._time_limited(_worker.Limits({limits})): workloads.spin(20)"
    )
    with pytest.raises(subprocess.CalledProcessError) as ended:
        python("-c", code)
    assert ended.value.returncode == status
    assert python("-c", code.replace("spin(20)", "spin(0.1); print('done')")).stdout == "done\n"


def test_a_cut_off_answer_is_none() -> None:
    read, write = os.pipe()
    with FileIO(read) as reader, FileIO(write, "w") as writer:
        _worker.send(writer, b"whole")
        writer.write((100).to_bytes(8, "little") + b"part")
        writer.close()
        assert _worker.receive(reader) == bytearray(b"whole")
        assert _worker.receive(reader) is None
        assert _worker.receive(reader) is None
