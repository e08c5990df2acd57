"""Formulas of Word (OMML) and of the web (MathML) in one line."""

from __future__ import annotations

import pytest
from lxml import etree

from articleqa.loaders.formulas import after, line_of_mathml, line_of_omml

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def omml(xml: str) -> str:
    return line_of_omml(etree.fromstring(f'<m:oMath xmlns:m="{M}">{xml}</m:oMath>'))


def mathml(xml: str) -> str:
    return line_of_mathml(etree.fromstring(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{xml}</math>'))


def r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


E = "<m:e><m:r><m:t>{}</m:t></m:r></m:e>".format


def of(name: str, *parts: tuple[str, str], **settings: str) -> str:
    """Return an OMML object with those parts and settings."""
    stated = "".join(f'<m:{key} m:val="{value}"/>' for key, value in settings.items())
    inner = "".join(f"<m:{part}>{content}</m:{part}>" for part, content in parts)
    return f"<m:{name}><m:{name}Pr>{stated}</m:{name}Pr>{inner}</m:{name}>"


@pytest.mark.parametrize(
    ("xml", "line"),
    [
        (of("f", ("num", r("1")), ("den", r("20"))), "1/20"),
        (r("2") + of("f", ("num", r("1")), ("den", r("2"))), "2 1/2"),
        (of("f", ("num", r("a+b")), ("den", r("2c"))), "(a+b)/(2c)"),
        (of("f", ("num", r("n")), ("den", r("k")), type="noBar"), "n ¦ k"),
        (of("rad", ("deg", ""), ("e", r("16")), degHide="1"), "√16"),
        (of("rad", ("deg", r("3")), ("e", r("x+1"))), "∛(x+1)"),
        (of("rad", ("deg", r("n")), ("e", r("x"))), "ⁿ√x"),
        (of("sSup", ("e", r("x")), ("sup", r("2"))), "x²"),
        (of("sSup", ("e", r("e")), ("sup", r("x+1"))), "e^(x+1)"),
        (of("sSub", ("e", r("v")), ("sub", r("max"))), "v_max"),
        (of("sSubSup", ("e", r("x")), ("sub", r("1")), ("sup", r("2"))), "x₁²"),
        (of("sPre", ("sub", r("6")), ("sup", r("14")), ("e", r("C"))), "₆¹⁴C"),
        (of("nary", ("sub", r("i=1")), ("sup", r("9")), ("e", r("i")), chr="∑"), "∑_(i=1)⁹ i"),
        (of("nary", ("sub", ""), ("sup", ""), ("e", r("x dx")), subHide="1", supHide="1"), "∫x dx"),
        (r("f") + of("d", ("e", r("x")), ("e", r("y")), sepChr=","), "f(x,y)"),
        (of("d", ("e", r("x")), begChr="[", endChr=""), "[x"),
        (of("func", ("fName", r("sin")), ("e", r("x"))), "sin x"),
        (of("func", ("fName", r("log")), ("e", of("d", ("e", r("x"))))), "log(x)"),
        (of("limLow", ("e", r("lim")), ("lim", r("x→0"))), "lim_(x→0)"),
        (of("acc", ("e", r("x")), chr="\u0304"), "x̄"),
        (of("m", ("mr", E(1) + E(2)), ("mr", E(3))), "1, 2; 3"),
        (of("phant", ("e", r("x")), show="0") + r("y"), "y"),
        (f"<m:box><m:boxPr/><m:e>{r('a')}</m:e></m:box>{r(' = b')}", "a = b"),
        ("", ""),
    ],
)  # fmt: skip
def test_formula_of_word(xml: str, line: str) -> None:
    assert omml(xml) == line


def test_several_formulas_of_a_paragraph_stay_apart() -> None:
    two = f"<m:oMath>{r('a=1')}</m:oMath>" * 2
    assert line_of_omml(etree.fromstring(f'<m:oMathPara xmlns:m="{M}">{two}</m:oMathPara>')) == "a=1 a=1"


@pytest.mark.parametrize(
    ("xml", "line"),
    [
        ("<mfrac><mn>1</mn><mn>20</mn></mfrac>", "1/20"),
        ("<mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "2 1/2"),
        ("<mfrac><mi>x</mi><mfrac><mn>1</mn><mn>2</mn></mfrac></mfrac>", "x/(1/2)"),
        ("<mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>", "n ¦ k"),
        ("<mfrac><mn>1</mn></mfrac>", "1"),
        ("<msqrt><mn>16</mn></msqrt>", "√16"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√(a+b)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "∛x"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x²"),
        ("<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>", "(a+b)²"),
        ("<msub><mi>x</mi><mi>i</mi></msub><mi>y</mi>", "x_i y"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x₁²"),
        ("<munderover><mo>∑</mo><mi>i</mi><mn>9</mn></munderover><mi>i</mi>", "∑_i⁹i"),
        ("<mover><mi>x</mi><mo>^</mo></mover>", "x̂"),
        ("<munder><mi>a</mi><mo>⏟</mo></munder>", "a"),
        ("<mmultiscripts><mi>C</mi><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>", "₆¹⁴C"),
        ("<mi>sin</mi><mo>\u2061</mo><mi>x</mi>", "sin x"),
        ("<mi>f</mi><mo>\u2061</mo><mo>(</mo><mi>x</mi><mo>)</mo>", "f(x)"),
        ("<mn>2</mn><mo>\u2062</mo><mi>x</mi>", "2x"),
        ("<mfenced open='['><mi>a</mi><mi>b</mi></mfenced>", "[a,b)"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "1, 2"),
        ("<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mo>=</mo><mn>1</mn></mtd></mtr></mtable>", "a=1"),
        ("<semantics><mi>a</mi><annotation>TeX</annotation></semantics>", "a"),
        ("<mi>x</mi><mtext> if </mtext><mi>y</mi>", "x if y"),
        ("<mmultiscripts/><mfenced/><mphantom><mi>x</mi></mphantom>", "()"),
    ],
)
def test_formula_of_the_web(xml: str, line: str) -> None:
    assert mathml(xml) == line


def test_empty_formula_is_its_alternative_text() -> None:
    assert line_of_mathml(etree.fromstring('<math alttext=" x =  1 "/>')) == "x = 1"


def test_number_never_runs_into_the_formula_behind_it() -> None:
    assert after("weighs 2", "1/20") == " 1/20"
    assert after("weighs ", "1/20") == after("", "1/20") == "1/20"
