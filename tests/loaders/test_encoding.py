from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa.loaders.encoding import BinaryDataError, decode

PARAGRAPHS = {
    "english": (
        "The union’s leader said “no” – again – on Tuesday, and the court’s ruling didn’t change his "
        "mind. A café owner near the harbour, who’d lost £5,000 in a week, called it “naïve”… but "
        "she hadn’t expected anything else."
    ),
    "french": (
        "Le président a déclaré mardi que la grève des cheminots était terminée. « L’accord signé à "
        "l’aube prévoit une hausse des salaires de 3 % », a précisé le ministère. À Noël, où près de "
        "40 000 voyageurs étaient restés à quai, la colère n’est pas oubliée."
    ),
    "german": (
        "Der Bürgermeister von München erklärte, dass die Straßen bis Mittwoch gesperrt würden. "
        "„Größere Schäden gab es nicht“, sagte er – für die Händler sei die Lage trotzdem schwierig. "
        "Über die Höhe der Kosten äußerte er sich nicht."
    ),
    "spanish": (
        "El presidente anunció el martes que la huelga había terminado. «Mañana volverán los "
        "trenes», dijo; ¿y los sueldos? El próximo año subirán un 3 %, según el ministerio, aunque "
        "los sindicatos de León y Cádiz aún no están convencidos."
    ),
    "portuguese": (
        "O presidente anunciou na terça-feira que a greve tinha acabado. “Amanhã os comboios já "
        "circulam”, afirmou. A decisão não agradou às organizações de São Paulo, que exigem a "
        "reposição dos salários em atraso até ao próximo mês."
    ),
    "swedish": (
        "Statsministern sade på tisdagen att strejken är över. ”Tågen går igen från i morgon”, "
        "förklarade hon i Göteborg. För de många pendlarna i Skåne och på Öland är det en lättnad, "
        "men fackförbundet är ännu inte nöjt."
    ),
    "italian": (
        "Il presidente ha annunciato martedì che lo sciopero è finito. «Da domani i treni torneranno "
        "a circolare», ha detto; però la città di Forlì resta isolata, perché più di un ponte è "
        "crollato. L’accordo sarà firmato lunedì."
    ),
    "dutch": (
        "De premier zei dinsdag dat de staking voorbij is. ‘Morgen rijden de treinen weer’, aldus de "
        "minister; de financiële schade voor België is volgens coördinator Daniëlle de Vries één "
        "miljoen euro. “Dat is veel geld”, zei ze."
    ),
    "danish": (
        "Statsministeren sagde tirsdag, at strejken er slut. »Togene kører igen fra i morgen,« "
        "forklarede hun på Færøerne. For de mange pendlere på Sjælland er det en lettelse, men "
        "fagforeningen er endnu ikke tilfreds – løn er også et spørgsmål."
    ),
    "finnish": (
        "Pääministeri sanoi tiistaina, että lakko on päättynyt. ”Junat kulkevat jälleen huomisesta”, "
        "hän selitti Jyväskylässä. Työmatkalaisille se on helpotus, mutta liitto ei vielä ole "
        "tyytyväinen: neuvottelut jäävät kesken."
    ),
    "polish": (
        "Prezydent powiedział we wtorek, że strajk kolejarzy się zakończył. Rząd przygotował nową "
        "ustawę o oświacie i służbie zdrowia, a sąd ogłosił, że przepisy dotyczące związków "
        "zawodowych wejdą w życie w październiku. Łódź wciąż czeka na pociągi."
    ),
    "czech": (
        "Prezident v úterý oznámil, že stávka železničářů skončila. Vláda schválila nový zákon o "
        "školství a soud rozhodl, že odbory mohou pokračovat v činnosti. Příští týden se v Děčíně "
        "sejdou zástupci obou stran, aby se dohodli na výši mezd."
    ),
    "hungarian": (
        "Az elnök kedden bejelentette, hogy véget ért a vasutasok sztrájkja. A kormány új törvényt "
        "fogadott el az oktatásról, a bíróság pedig úgy döntött, hogy a szakszervezetek működhetnek. "
        "A győri küldöttek jövő héten gyűlnek össze."
    ),
    "croatian": (
        "Predsjednik je u utorak rekao da je štrajk željezničara završen. Vlada će donijeti novi "
        "zakon o školstvu, a sud je odlučio da sindikati mogu nastaviti djelovati. Sljedeći tjedan u "
        "Šibeniku će se naći predstavnici obiju strana."
    ),
    "romanian": (
        "Preşedintele a anunţat marţi că greva feroviarilor s-a încheiat. Guvernul a adoptat o lege "
        "nouă a învăţământului, iar instanţa a hotărât că sindicatele îşi pot continua activitatea. "
        "Săptămâna viitoare, părţile se vor întâlni la Iaşi."
    ),
    "russian": (
        "Президент заявил во вторник, что забастовка нефтяников закончилась. Суд вынес решение о "
        "закрытии конфедерации независимых профсоюзов, а правительство подготовило новый закон об "
        "образовании. Представители сторон встретятся в четверг."
    ),
    "ukrainian": (
        "Президент України заявив у вівторок, що страйк залізничників закінчився. Уряд підготував "
        "новий закон про освіту, а суд вирішив, що профспілки можуть продовжувати свою діяльність. "
        "Представники сторін зустрінуться в Києві наступного тижня."
    ),
    "japanese": (
        "首相は火曜日に、鉄道のストライキが終わったと発表した。裁判所は一月四日に労働組合"
        "の解散を命じていたが、政府は新しい教育法案を準備している。代表者たちは来週、東京"
        "で再び話し合う予定だ。"
    ),
    "chinese": (
        "总统星期二宣布铁路工人的罢工已经结束。法院下令关闭独立工会联合会，政府则准备了一"
        "项新的教育法案。双方代表将于下周在北京再次会面，讨论工资问题。"
    ),
    "taiwanese": (
        "總統星期二宣布鐵路工人的罷工已經結束。法院下令關閉獨立工會聯合會，政府則準備了一"
        "項新的教育法案。雙方代表將於下週在臺北再次會面，討論薪資問題。"
    ),
    "korean": (
        "대통령은 화요일에 철도 노동자들의 파업이 끝났다고 발표했다. 법원은 독립"
        " 노동조합 연맹의 해산을 명령했고, 정부는 새로운 교육 법안을 준비했다."
        " 양측 대표들은 다음 "
        "주에 서울에서 다시 만날 예정이다."
    ),
    "greek": (
        "Ο πρόεδρος δήλωσε την Τρίτη ότι η απεργί"
        "α των σιδηροδρομικών τελείωσε. Η κυβέρνη"
        "ση ετοίμασε "
        "νέο νόμο για την παιδεία και το δικαστήρ"
        "ιο αποφάσισε ότι τα συνδικάτα μπορούν να"
        " "
        "συνεχίσουν. Οι δύο πλευρές θα συναντηθούν στην Αθήνα."
    ),
    "turkish": (
        "Cumhurbaşkanı salı günü demiryolu işçilerinin grevinin sona erdiğini açıkladı. Hükümet yeni "
        "bir eğitim yasası hazırladı, mahkeme ise sendikaların çalışmalarını sürdürebileceğine karar "
        "verdi. Taraflar gelecek hafta İstanbul’da buluşacak."
    ),
    "hebrew": (
        "הנשיא הודיע ביום שלישי כי שביתת עובדי הרכבת הסתיימה. הממשלה הכינה חוק חינוך חדש, ובית המשפט "
        "קבע כי האיגודים רשאים להמשיך בפעילותם. נציגי הצדדים ייפגשו בשבוע הבא בירושלים."
    ),
    "arabic": (
        "أعلن الرئيس يوم الثلاثاء أن إضراب عمال السكك الحديدية قد انتهى. وأعدت الحكومة قانونا جديدا "
        "للتعليم، وقررت المحكمة أن النقابات تستطيع مواصلة عملها. وسيلتقي ممثلو الطرفين الأسبوع "
        "المقبل في القاهرة."
    ),
    "lithuanian": (
        "Prezidentas antradienį pranešė, kad geležinkeliečių streikas baigėsi. Vyriausybė parengė "
        "naują švietimo įstatymą, o teismas nusprendė, kad profesinės sąjungos gali tęsti savo "
        "veiklą. Kitą savaitę šalių atstovai susitiks Šiauliuose."
    ),
}

WESTERN = [
    *["english", "french", "german", "spanish", "portuguese"],
    *["swedish", "italian", "dutch", "danish", "finnish"],
]
GUARANTEED = [(language, encoding) for language in WESTERN for encoding in ("cp1252", "latin-1")]
GUESSED_BY_ALL_VERSIONS = [
    *[("russian", "cp1251"), ("russian", "koi8-r"), ("russian", "cp866"), ("russian", "iso8859-5")],
    *[("ukrainian", "cp1251"), ("ukrainian", "koi8-u"), ("greek", "cp1253"), ("greek", "iso8859-7")],
    *[("japanese", "shift_jis"), ("japanese", "euc_jp"), ("chinese", "gb18030"), ("chinese", "gb2312")],
    *[("taiwanese", "big5"), ("korean", "euc_kr"), ("hebrew", "cp1255"), ("arabic", "cp1256")],
]
GUESSED = [
    *GUESSED_BY_ALL_VERSIONS,
    *[("english", "mac-roman"), ("french", "mac-roman"), ("german", "mac-roman")],
    *[("french", "cp850"), ("german", "cp850")],
    *[("polish", "cp1250"), ("czech", "cp1250"), ("hungarian", "cp1250")],
    *[("polish", "iso8859-2"), ("czech", "iso8859-2"), ("hungarian", "iso8859-2")],
    *[("croatian", "cp1250"), ("romanian", "cp1250"), ("turkish", "cp1254"), ("lithuanian", "cp1257")],
]
STRAIGHT = str.maketrans("’‘“”„–—…", '\'\'"""--.')


def written(language: str, encoding: str) -> str:
    """Return the paragraph as it would be written in an encoding that may lack curly quotes."""
    text = PARAGRAPHS[language]
    return text.translate(STRAIGHT) if encoding in ("latin-1", "cp850") else text


@pytest.mark.parametrize(("language", "encoding"), [*GUARANTEED, *GUESSED_BY_ALL_VERSIONS])
def test_a_paragraph_in_an_older_encoding_is_read_as_it_was_written(language: str, encoding: str) -> None:
    text = written(language, encoding)
    assert decode(text.encode(encoding))[0::2] == (text, 0)


@pytest.mark.parametrize(("language", "encoding"), [*GUARANTEED, *GUESSED_BY_ALL_VERSIONS])
def test_an_article_in_an_older_encoding_is_read_as_it_was_written(language: str, encoding: str) -> None:
    text = "\n\n".join(["An English title", *[written(language, encoding)] * 100])
    assert decode(text.encode(encoding)).text == text


def test_most_paragraphs_in_older_encodings_are_guessed_right() -> None:
    texts = [(written(*sample), sample[1]) for sample in GUESSED]
    right = sum(decode(text.encode(encoding)).text == text for text, encoding in texts)
    assert right >= 0.8 * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "It’s a café.",
        "It was 20°C, or 68°F; the ½-price ticket cost £5.",
        "L’élève a été reçu à l’école.",
        "Größere Schäden gab es nicht. ÜBERALL ÖL!",
        "På ön är å en å.",
        "Schröder, Mitterrand’s friend François and Søren, from São Paulo, met. "
        + "It rained all day. " * 20,
    ],
)
def test_a_western_sentence_is_read_as_it_was_written(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252", 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("language", PARAGRAPHS)
def test_unicode_is_read_without_its_mark(language: str, encoding: str) -> None:
    text = PARAGRAPHS[language]
    assert decode(text.encode(encoding))[0::2] == (text, 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", PARAGRAPHS)
def test_utf_16_needs_no_mark_where_it_has_spaces_or_line_ends(language: str, encoding: str) -> None:
    text = PARAGRAPHS[language] + "\r\n"
    assert decode(text.encode(encoding)).text == text


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


@settings(deadline=None)  # the first guess imports charset-normalizer
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


def test_damage_in_western_text_costs_the_damaged_characters_alone() -> None:
    data = PARAGRAPHS["french"].encode("cp1252")
    # Windows-1252 has no character for this byte.
    assert decode(data + b"\x81 ok") == (PARAGRAPHS["french"] + "\ufffd ok", "cp1252", 1)


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
