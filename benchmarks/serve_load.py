"""Ask a server many questions at once: `python -m benchmarks.serve_load`.

Makes an index of 100,000 passages (`corpus.py`), serves it with two worker processes, and asks over HTTP:
first 30 questions one after another, then 200 others with 20 at any time. Prints the median of the lone
questions and the 95th percentile of those at once. Exits with 1 if a request fails, or if the latter is 10
times the former or more. Two workers have twenty questions to answer in the time of ten lone ones: more than
that is overhead.
`--kb KB` serves an index that is there; it must have been made from the same passages.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from articleqa import ArticleIndex
from benchmarks.corpus import make_articles, make_questions

PASSAGES, LONE, QUESTIONS, AT_ONCE, WORKERS = 100_000, 30, 200, 20, 2

MOST_TIMES = 10.0

SEED = 1


def asked(address: str, question: str) -> float:
    """Return the seconds until an answer has arrived over a new connection; NaN if there is none."""
    body = json.dumps({"question": question})
    began = time.perf_counter()
    connection = http.client.HTTPConnection(address, timeout=600)
    try:
        connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
    except OSError:
        return math.nan
    finally:
        connection.close()
    is_answer = response.status == 200 and b'"articleqa.answer"' in answer
    return time.perf_counter() - began if is_answer else math.nan


@contextmanager
def server_of(kb: Path) -> Iterator[str]:
    """Yield the address of a server of an index on disk."""
    command = [sys.executable, "-m", "articleqa", "serve", str(kb), "--port", "0", "--workers", str(WORKERS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        found = re.search(r" at http://(\S+)/ ", process.stdout.readline().decode())
        assert found, "the server does not start"
        yield found[1]
    finally:
        process.terminate()
        process.wait()


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share of `values` lies."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def measure(kb: Path, questions: list[str]) -> bool:
    """Print what a question takes alone and among others; return whether the bound is kept."""
    with server_of(kb) as address, ThreadPoolExecutor(AT_ONCE) as threads:
        ask = partial(asked, address)
        list(threads.map(ask, questions[:AT_ONCE]))  # each worker has loaded its models
        alone = [ask(question) for question in questions[AT_ONCE : AT_ONCE + LONE]]
        began = time.perf_counter()
        at_once = list(threads.map(ask, questions[AT_ONCE + LONE :]))
        seconds = time.perf_counter() - began
    errors = sum(map(math.isnan, (*alone, *at_once)))
    median, p95 = statistics.median(alone), percentile(at_once, 0.95)
    print(f"errors: {errors} of {len(alone) + len(at_once)}")
    print(f"alone: median {median * 1000:.0f} ms of {len(alone)} questions")
    print(
        f"{AT_ONCE} at once: median {statistics.median(at_once) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms of"
        f" {len(at_once)} questions, {len(at_once) / seconds:.1f} answers a second"
    )
    print(f"p95 at once is {p95 / median:.1f} times the median alone (less than {MOST_TIMES:g} is wanted)")
    return not errors and p95 < MOST_TIMES * median


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--kb", type=Path, help="an index of these passages, made before")
    arguments = parser.parse_args()
    articles = make_articles(arguments.passages, SEED)
    questions = make_questions(articles, AT_ONCE + LONE + QUESTIONS, SEED)
    with tempfile.TemporaryDirectory() as folder:
        kb = arguments.kb or Path(folder, "kb")
        if arguments.kb is None:
            with ArticleIndex.create(kb, vectors=False) as index:
                index.add(articles)
        sys.exit(0 if measure(kb, questions) else 1)


if __name__ == "__main__":
    main()
