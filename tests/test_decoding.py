from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.articles.decoding import BinaryDataError, decode

FRENCH = (
    "Le président a déclaré mardi que la grève des cheminots était terminée.",
    "La fête de Noël a été annulée à cause de la grève.",
    "L’élève a été reçu à l’école.",
)
GERMAN = (
    "Der Bürgermeister von München erklärte, dass die Straßen gesperrt würden.",
    "Größere Schäden gab es nicht.",
)
POLISH = (
    "Prezydent powiedział, że rząd przygotował nową ustawę o oświacie i służbie zdrowia.",
    "Rząd ogłosił nowe przepisy dotyczące związków zawodowych w październiku.",
)
CZECH = ("Příliš žluťoučký kůň úpěl ďábelské ódy. Vláda schválila nový zákon o školství.",)
RUSSIAN = (
    "Президент заявил во вторник, что забастовка нефтяников закончилась. Суд вынес решение.",
    "Суд закрыл конфедерацию независимых профсоюзов.",
)
UKRAINIAN = ("Президент України заявив, що страйк закінчився. Їжа була смачною.",)
JAPANESE = (
    "首相は火曜日に、ストライキが終わったと発表した。裁判所は労働組合の解散を命じた。",
    "裁判所は一月四日に連合を閉鎖した。",
)
CHINESE = ("总统星期二宣布罢工已经结束。法院下令关闭独立工会联合会。", "法院下令关闭独立工会。")
TAIWANESE = ("總統星期二宣布罷工已經結束。法院下令關閉獨立工會聯合會。",)
KOREAN = ("대통령은 화요일에 파업이 끝났다고 발표했다. 법원은 노동조합을 폐쇄했다.",)
GREEK = ("Ο πρόεδρος της δημοκρατίας δήλωσε ότι η απεργία τελείωσε.",)
TURKISH = ("Cumhurbaşkanı, grevin sona erdiğini söyledi. İşçiler işe döndü.",)
HEBREW = ("הנשיא הודיע ביום שלישי כי השביתה הסתיימה.",)
ARABIC = ("أعلن الرئيس يوم الثلاثاء أن الإضراب قد انتهى.",)
ENGLISH = ("The union’s leader said “no” – again. It cost £5.", "It’s a café.")

WRITTEN = [
    (sentence, encoding)
    for sentences, encodings in [
        (FRENCH, ["cp1252", "latin-1"]),
        (GERMAN, ["cp1252", "latin-1"]),
        (POLISH, ["cp1250", "iso8859-2"]),
        (CZECH, ["cp1250", "iso8859-2"]),
        (RUSSIAN, ["cp1251", "koi8-r", "cp866", "iso8859-5"]),
        (UKRAINIAN, ["cp1251", "koi8-u"]),
        (JAPANESE, ["shift_jis", "euc_jp"]),
        (CHINESE, ["gb18030", "gb2312"]),
        (TAIWANESE, ["big5"]),
        (KOREAN, ["euc_kr"]),
        (GREEK, ["cp1253"]),
        (TURKISH, ["cp1254"]),
        (HEBREW, ["cp1255"]),
        (ARABIC, ["cp1256"]),
        (ENGLISH, ["cp1252", "mac-roman"]),
        (("It was 20°C.",), ["cp1252", "latin-1"]),
    ]
    for sentence in sentences
    for encoding in encodings
    if not (encoding == "latin-1" and "’" in sentence)
]
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]
ALL = [*FRENCH, *GERMAN, *POLISH, *RUSSIAN, *JAPANESE, *CHINESE, *KOREAN, *HEBREW, *ARABIC, *ENGLISH]


@pytest.mark.parametrize(("sentence", "encoding"), WRITTEN)
def test_a_sentence_in_an_old_encoding_is_read_as_it_was_written(sentence: str, encoding: str) -> None:
    assert decode(sentence.encode(encoding))[0::2] == (sentence, 0)


@pytest.mark.parametrize(("sentence", "encoding"), WRITTEN)
def test_an_article_in_an_old_encoding_is_read_as_it_was_written(sentence: str, encoding: str) -> None:
    article = "\n\n".join(["An English title", *[sentence] * 300])
    assert decode(article.encode(encoding)).text == article


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("sentence", ALL)
def test_unicode_is_read_without_its_mark(sentence: str, encoding: str) -> None:
    assert decode(sentence.encode(encoding))[0::2] == (sentence, 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sentence", ALL)
def test_utf_16_needs_no_mark_where_it_has_spaces_or_punctuation(sentence: str, encoding: str) -> None:
    assert decode((sentence + "\r\n").encode(encoding)).text == sentence + "\r\n"


def test_the_line_ends_stay() -> None:
    assert decode(b"a\r\nb\rc\n\x0b").text == "a\r\nb\rc\n\x0b"


def test_only_the_first_mark_goes() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + b"a").text == "\ufeffa"


@given(st.text())
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    data = text.encode()
    if b"\0" not in data and not data.startswith((codecs.BOM_UTF8, b"%PDF-", b"PK", b"{\\rtf")):
        assert decode(data) == (text, "utf-8", 0)


@given(st.text(), st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_a_mark_is_believed(text: str, encoding: str) -> None:
    text = text.lstrip("\0")  # which would make the mark of UTF-16 that of UTF-32
    assert decode(text.encode(encoding))[0::2] == (text, 0)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_binary(data: bytes) -> None:
    try:
        text, _, replaced = decode(data)
    except BinaryDataError:
        return
    text.encode()
    assert 0 <= replaced <= text.count("\ufffd")


@pytest.mark.parametrize(
    ("data", "text", "replaced"),
    [
        ("déjà vu, très bien".encode().replace(b"v", b"\xff"), "déjà \ufffdu, très bien", 1),
        ("naïve café".encode()[:-1], "naïve caf\ufffd", 1),  # cut in its last character
        ("It’s".encode()[:4], "It\ufffd", 1),
        ("日本語の本".encode()[:-1], "日本語の\ufffd", 1),
        ("\ufffd and é".encode() + b"\xff", "\ufffd and é\ufffd", 1),  # what was lost before does not count
        ("a\ufffd".encode("utf-16"), "a\ufffd", 0),
        (codecs.BOM_UTF16_LE + b"a\0b", "a\ufffd", 1),
        (b"text " * 100 + b"\0" + b"text", "text " * 100 + "\0text", 0),  # one stray NUL
        (b"", "", 0),
        (codecs.BOM_UTF16_BE, "", 0),
    ],
)
def test_damage_costs_the_damaged_characters_alone(data: bytes, text: str, replaced: int) -> None:
    assert decode(data)[0::2] == (text, replaced)


def test_damage_in_an_old_encoding_costs_the_damaged_characters_alone() -> None:
    data = "法院下令关闭独立工会。".encode("gb18030")
    assert decode(data * 20 + b"\xff ok").text == "法院下令关闭独立工会。" * 20 + "\ufffd ok"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 text",
        b"PK\x03\x04zip",
        b"\x1f\x8bgzip",
        b"\x89PNG\r\n",
        b"{\\rtf1 text}",
        b"\0",
        b"hello\0world",
        b"\x7fELF\x02\x01\x01" + b"\0" * 100,
        bytes(range(256)) * 10,
        bytes(range(1, 256)),
        b"\x00\x01\x02\x03" * 100,
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(BinaryDataError):
        decode(data)
