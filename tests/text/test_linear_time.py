"""Reading and analysing take time in proportion to the text, however odd it is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from articleqa import Article, ArticleIndex
from articleqa.loaders.file_reader import Reader
from articleqa.loaders.protocol import Fields, NamedData
from articleqa.passages import analyse

SIZE = 1_500
"""Characters of the smaller text: enough that what is quadratic takes many times as long."""

FORMATS = (".txt", ".md", ".rst")

REPEATED = [
    "a\n===\n",
    "a\n---\n\n",
    "===\na\n===\n",
    "===\n",
    "---\n",
    "***\n\n",
    "- - - - a\n",
    "|-|-\n",
    "|a|b|\n|-|-|\n",
    "a|b\n",
    "| a \\| b ",
    "a\tb\tc\n",
    "\ta\n",
    "> # a\nb\n",
    "> ```\nb\n",
    "> a\nb\n",
    "> a\nb\n> # a\nb\n",
    "> > # a\n> b\n",
    ">",
    "> > > > a\n",
    "- a\n",
    "- ",
    "1. a\n",
    "- > # a\nb\n",
    "  - a\n\n      b\n",
    "* a\nb\n",
    "[a]: b\n",
    "[a]: b 'c\n",
    "[a]: (b\n",
    "[a\n",
    "[",
    "![[](",
    "[a](b\n",
    "# a\n",
    "# a\n\nb\n\n",
    "###### a ####### ",
    "```\na\n",
    "~~~ a\n\n",
    "`",
    "` a\n",
    "**a ",
    "_a*b_",
    "<a b=c ",
    "<b>",
    "<div>\n",
    "<!-- a\n",
    "<style>\n\n",
    "</",
    "&amp;&#1",
    "\\",
    "\n",
    " \n",
    " ",
    "\t",
    "a \t\n",
    "\r\n",
    "\r\r\n\n",
    "a\r",
    "\u2028a\x0b",
    "a\n\f",
    "word goes\n\n[Page 1]\n\f\n",
    "(a) a; and\n",
    "(i) a\n\n",
    "a  b\n",
    "Q: a?\nA: b\n",
    "Ab: c\n",
    "1. a ..... 3\n",
    "Contents\n\na\n\n",
    "a\n    b\n",
    "x = 1;\n\n",
    "A--",
    "\x85\x0ca",
    ".",
    ". ",
    ". . .",
    "a. ",
    "A. ",
    "e.g. ",
    "U.S. ",
    "Mr. Smith said. ",
    "?! ",
    "… A",
    "1. ",
    "1.2.3",
    "1,000",
    "(1) ",
    "2020-01-01 ",
    '"a." ',
    "“a.” said A. ",
    "«a » ",
    "(a.) [1] ",
    "a\u0301",
    "\u0301\u0323",
    "\u200b",
    "e-",
    "don’t’",
    "a",
    "a b ",
    "A B ",
    "中。",
    "ก",
    "😀 ",
    "ﷺ",
    "Home > ",
    "Share this\n",
    "by A. Photo: ",
    ".. a\n",
    ".. a::\n   :b: c\n",
    "..\n   a\n",
    ".. [1] a\n",
    ".. a:b ",
    "a::\n\n  b\n",
    ":a: ",
    ": a\n",
    ": : ",
    "a\n: b\n",
    "[^a]: b\n",
    "[^a]: ",
    "(a) b\n",
    "(i) a\n(a) b\n",
    "a  \n",
    "a<br>",
    "**a**\n\n",
    "a: b\n",
    "A: b\nC\n",
    "| a\n",
    "+-+\n| a\n",
    "{{< a\n",
    "{{< a >}}\n",
    "{{< highlight a >}}\n",
    "{% highlight %}\na\n{% endhighlight %}\n",
    "{: .a}\na\n",
    ":::a\n",
    "!!! a\n",
    "!!! a\n\n    !!! b\n",
    "```{note}\n",
    "```{note}\na\n```\n",
    "<tr><td>a",
    "<ul><li>a\n\n",
    "<table>\n\n    <tr>",
    "<pre>a\n\n",
    "<svg>\n\n",
    "- [a](#b)\n",
    "[a](#b) ",
]

AROUND = [
    ("---\n", "a: b\n", "", ""),
    ("---\n", "a: [b, c\n", "---\n", ""),
    ("---\na: ", "[", "\n---\n", ""),
    ("---\n", "- ", "\n---\n", ""),
    ("---\n", "a:\n- b: {c: >\n", "---\n", ""),
    ("+++\n", 'a = "b"\n', "+++\n", ""),
    ("+++\na = ", "[", "\n+++\n", ""),
    ("{", '"a": [{', "}\n", ""),
    ("**", "a *b ", "**\n\nc", ""),
    ("{{< highlight >}}\n", "a\n", "", ""),
    ("```\n", "a\n", "", ""),
    ("[a]: b '", "x\n", "", ""),
    ("[a]: ", "(", "b", ""),
    ("|a|b|\n|-|-|\n", "|c\n", "", ""),
    ("", "# a\n", "\n", "###### b\n\nc.\n\n"),
    ("# ", "a b ", "\n\n", "c.\n\n# d\n\n"),
    ("<div>a", "<b>", "x\n", ""),
    ("<div>a", " ", "b\n", ""),
    ("<script>", "</script ", "", ""),
    ("> ", "a\n", "\n> b", ""),
    ("a", "\u0301\u0323", "", ""),
    ("a ", " ", "b.", ""),
    (".. a:: ", "b ", "\n\n  c", ""),
    ("..\n\n", "  a\n", "b", ""),
    ("=" * 60 + "\n", "a ", "\n" + "=" * 60, ""),
]


def read(text: str, suffix: str) -> None:
    named = NamedData(text.encode(), f"odd{suffix}", "odd", "odd")
    for article in Reader(Fields()).read(named):
        analyse(article)


def asked(text: str) -> None:
    answer = ArticleIndex.from_articles([Article(id="a", text=text)]).ask("When did a freeze?", top_k=2)
    assert len(answer.sentences) <= 2


def assert_grows_with_size(work: Callable[[int], None], size: int = SIZE) -> None:
    """Assert that each doubling takes less than three times as long, by the best of three tries.

    The size is doubled twice before time is taken again, so that a busy machine is not taken for a slow rule.
    """
    once = more = float("inf")
    for _ in range(3):
        once, more = min(once, seconds(work, size)), min(more, seconds(work, 4 * size))
        if more < 9 * once:
            return
    pytest.fail(f"{size} characters took {once:.3f} s, four times as many {more:.3f} s")


def seconds(work: Callable[[int], None], size: int) -> float:
    start = time.process_time()
    work(size)
    return time.process_time() - start


@pytest.fixture(scope="module", autouse=True)
def _steady() -> Iterator[None]:
    """Charge no text for what is loaded once, nor for a garbage collection that falls on it by chance."""
    for suffix in FORMATS:
        read("A. Smith e.g. went. 中 É.\n\n# a\n", suffix)
    asked("It froze in 1740.")
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("unit", REPEATED, ids=ascii)
def test_doubling_an_odd_text_less_than_triples_the_time(unit: str, suffix: str) -> None:
    assert_grows_with_size(lambda size: read(unit * (size // len(unit)), suffix))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("parts", AROUND, ids=lambda parts: ascii("…".join(parts)[:24]))
def test_doubling_what_is_never_closed_is_linear_too(parts: tuple[str, str, str, str], suffix: str) -> None:
    before, unit, after, behind = parts
    assert_grows_with_size(
        lambda size: read(before + unit * (size // len(unit)) + after + behind * (size // 20), suffix)
    )


@pytest.mark.parametrize(
    "unit",
    [
        "The harbour froze in 1740.\nThe council bought salt.\n",
        "a froze\t1740\n",
        "a froze in 1740, ",
        "a 1740 ",
        "It froze (in 1740; ",
        "A Smith ",
    ],
)
def test_asking_a_text_of_one_sentence_is_linear(unit: str) -> None:
    assert_grows_with_size(lambda size: asked(unit * (size // len(unit))), 2 * SIZE)
