"""E-mails: what the message itself says can answer, what it quotes cannot, and attachments are articles."""

from __future__ import annotations

import struct
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, SourceCheck, load_articles
from articleqa.loaders.mail.eml import eml_members, mbox_members
from articleqa.loaders.mail.flowed import unflowed
from articleqa.loaders.mail.msg import msg_members
from articleqa.loaders.mail.quotes import quoted_spans
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError
from compound_files import compound_file, outlook_mail

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
OWN = "The fee for a night at the quay rose from four to six crowns."
OLD = "The board met on Monday and chose a new pilot for the channel."
BLANK = Fields()
DEEPER = b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n'
LINES = (
    *(OWN, OLD, "> a", ">> b", "> From: x", "", "From: x", "To: y", "Sent: z", "_" * 30),
    *("On Mon, 2 Mar at 09:00, P wrote:", "-----Original Message-----", "Begin forwarded message:"),
)


def named(data: bytes, name: str = "a.eml") -> NamedData:
    return NamedData(data, name, name, f"/mails/{name}")


def members(data: bytes) -> list[Article | NamedData]:
    return list(eml_members(named(data), BLANK))


def article_of(data: bytes) -> Article:
    first = members(data)[0]
    assert isinstance(first, Article)
    return first


def mail(text: str, *, subject: str = "Fees", kind: str = "text/plain; charset=utf-8") -> bytes:
    head = f"From: Clerk <clerk@melvik.example>\nSubject: {subject}\nDate: Tue, 3 Mar 2020 10:00:00 +0100\n"
    return f"{head}MIME-Version: 1.0\nContent-Type: {kind}\n\n{text}\n".encode()


def can_answer(article: Article) -> str:
    """Return the text that can answer, as one line."""
    kept = [block.span.of(article.text) for block in article.blocks or () if block.kind != "boilerplate"]
    return " ".join(" ".join(kept).split())


def test_fields_of_a_mail_are_its_title_and_metadata() -> None:
    data = (
        b"MIME-Version: 1.0\r\nReceived: from a.example by b.example\r\n"
        b"From: =?utf-8?q?Odra_V=C3=A9ll?= <odra@melvik.example>\r\nTo: board@melvik.example\r\n"
        b"Subject: =?utf-8?q?Fees_at_the_quay_=E2=80=93_winter?=\r\nDate: Tue, 3 Mar 2020 10:00:00 +0100\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"The fee at the quay in M=E9lvik rose to s=\r\nix crowns.\r\n"
    )
    article = article_of(data)
    assert (article.title, article.text) == (
        "Fees at the quay – winter",
        "The fee at the quay in Mélvik rose to six crowns.",
    )
    wanted = {"author": "Odra Véll", "date": "2020-03-03T10:00:00+01:00", "to": "board@melvik.example"}
    assert wanted.items() <= dict(article.metadata).items()


@pytest.mark.parametrize(
    ("fields", "title", "author"),
    [
        (b"Subject: Geb\xfchren\nFrom: J\xf6rg <j@a.example>\n", "Gebühren", "Jörg"),
        (b"Subject: =?utf-8?b?R2Viw7xocmVu?=\nFrom: clerk@a.example\n", "Gebühren", "clerk@a.example"),
        (b"Subject: =?no-such-set?q?Fees?=\nFrom: =?utf-8?q?broken\n", "Fees", "=?utf-8?q?broken"),
        (b'From: "Vell, Odra" <o@a.example>, b@a.example\n', OWN, "Vell, Odra"),
    ],
)
def test_fields_in_any_encoding_are_decoded(fields: bytes, title: str, author: str) -> None:
    article = article_of(fields + b"\n" + OWN.encode())
    assert (article.title, article.metadata["author"]) == (title, author)


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Mar 99999 09:15:00"])
def test_a_date_that_cannot_be_read_is_left_out(date: str) -> None:
    assert "date" not in article_of(f"From: a@b.example\nDate: {date}\n\n{OWN}".encode()).metadata


@pytest.mark.parametrize(
    "quoted",
    [
        f"On Mon, 2 Mar 2020 at 09:00, Pell <pell@melvik.example> wrote:\n> {OLD}\n>\n> > It rained.",
        f"On Mon, 2 Mar 2020 at 09:00, Pell Marun\n<pell@melvik.example> wrote:\n\n> {OLD}",
        f"On Mon, 2 Mar 2020 at 09:00, Pell <pell@melvik.example> wrote:\n\n{OLD}",
        f"Pell Marun wrote:\n\n> {OLD}",
        f"Am 02.03.2020 um 09:00 schrieb Pell <pell@melvik.example>:\n> {OLD}",
        f"Le lun. 2 mars 2020 à 09:00, Pell <pell@melvik.example> a écrit :\n\n{OLD}",
        f"-----Original Message-----\nFrom: Pell\nSent: Monday\nTo: Clerk\nSubject: Pilot\n\n{OLD}",
        f"-----Ursprüngliche Nachricht-----\nVon: Pell\nGesendet: Montag\n\n{OLD}",
        f"________________________________\nFrom: Pell <p@m.example>\nSent: Monday\nTo: Clerk\n\n{OLD}",
        f"From: Pell <p@m.example>\nDate: Monday, 2 March 2020\nTo: Clerk\nSubject: Pilot\n\n{OLD}",
        f"Sent from my iPhone\n\nOn 2 Mar 2020, at 09:00, Pell <pell@melvik.example> wrote:\n\n{OLD}",
    ],
)
def test_quoted_replies_cannot_answer_but_stay_in_the_text(quoted: str) -> None:
    article = article_of(mail(f"{OWN}\n\n{quoted}"))
    assert can_answer(article) == OWN
    assert OLD in article.text


@pytest.mark.parametrize(
    "quoted",
    [
        f"<p>On Mon, 2 Mar 2020 at 09:00, Pell &lt;pell@melvik.example&gt; wrote:</p><p>{OLD}</p>",
        f"<p>-----Original Message-----<br>From: Pell<br>Sent: Monday<br>To: Clerk</p><p>{OLD}</p>",
        f"<p><b>From:</b> Pell<br><b>Sent:</b> Monday<br><b>To:</b> Clerk<br></p><p>{OLD}</p>",
        f"<p>________________________________<br>From: Pell<br>Sent: Mon<br>To: Clerk<br><br>{OLD}</p>",
    ],
)
def test_replies_that_html_quotes_as_text_cannot_answer(quoted: str) -> None:
    article = article_of(mail(f"<p>{OWN}</p>{quoted}", kind="text/html; charset=utf-8"))
    assert can_answer(article) == OWN
    assert OLD in article.text


def test_replies_between_quotations_can_answer() -> None:
    text = (
        f"Pell wrote on Monday:\n> When did the board meet?\n\nOn Tuesday.\n\n> What is the fee?\n\n{OWN}\n"
    )
    assert can_answer(article_of(mail(text))) == f"On Tuesday. {OWN}"


@pytest.mark.parametrize(
    "text",
    [
        f"{OWN}\n\nOn Monday the clerk wrote:\n\n{OLD}",
        f"From: the island to the shore it is a mile.\n{OWN} {OLD}",
        f"> {OWN}\n> {OLD}",
    ],
)
def test_text_that_only_looks_like_a_quotation_can_answer(text: str) -> None:
    found = can_answer(article_of(mail(text)))
    assert OWN in found
    assert OLD in found


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Fwd: Pilot", f"See below.\n\n---------- Forwarded message ---------\nFrom: P <p@m.example>\n"
         f"Date: Mon\nSubject: Pilot\nTo: C\n\n{OLD}"),
        ("Pilot", f"Begin forwarded message:\n\n> From: P <p@m.example>\n> Subject: Pilot\n>\n> {OLD}"),
        ("FW: Pilot", f"See below.\n\n-----Original Message-----\nFrom: P\nSent: Mon\nTo: C\n\n{OLD}"),
    ],
)  # fmt: skip
def test_what_a_mail_forwards_can_answer(subject: str, text: str) -> None:
    again = f"{text}\n\nOn Sun, 1 Mar 2020 at 09:00, Q <q@m.example> wrote:\n> Nobody was there.\n"
    found = can_answer(article_of(mail(again, subject=subject)))
    assert OLD in found
    assert "Nobody" not in found


@pytest.mark.parametrize(
    "quoted",
    [
        f'<div class="gmail_quote"><div class="gmail_attr">On Mon Pell wrote:</div><p>{OLD}</p></div>',
        f'<div class="moz-cite-prefix">Pell wrote:</div><blockquote type="cite"><p>{OLD}</p></blockquote>',
        f'On 2 Mar 2020, Pell wrote:<br><blockquote type="cite"><p>{OLD}</p></blockquote>',
        f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Pell</div><div><p>{OLD}</p></div>',
    ],
)
def test_what_mail_programs_quote_in_html_cannot_answer(quoted: str) -> None:
    article = article_of(mail(f"<html><body><p>{OWN}</p>{quoted}</body></html>", kind="text/html"))
    assert can_answer(article) == OWN
    forward = (
        f'<p>See below.</p><div class="gmail_quote">---------- Forwarded message ---------<p>{OLD}</p></div>'
    )
    assert OLD in can_answer(article_of(mail(forward, kind="text/html")))


def test_the_line_that_yahoo_puts_above_a_reply_is_part_of_it() -> None:
    line = "--- On Wed, 4/4/12, Pell <p@a.example> wrote:"
    fields = "From: Pell <p@a.example>\nSubject: Fees\nTo: odra@a.example\nDate: Wednesday, April 4, 2012"
    assert can_answer(article_of(mail(f"{OWN}\n\n{line}\n\n{fields}\n\n{OLD}\n"))) == OWN


@pytest.mark.parametrize("mark", ["-- ", "--"])
def test_signatures_cannot_answer(mark: str) -> None:
    article = article_of(mail(f"{OWN}\n\n{mark}\nOdra Vell\nHarbour master of Melvik\n"))
    assert can_answer(article) == OWN
    assert "Harbour master" in article.text
    quoted = article_of(
        mail(f"{OWN}\n\n{mark}\nOdra Vell\n\nOn 2 Mar 2020 at 09:00, Pell <p@a.example> wrote:\n> {OLD}\n")
    )
    assert can_answer(quoted) == OWN


def test_two_dashes_between_parts_of_a_text_begin_no_signature() -> None:
    parts = "\n".join(f"The quay number {number} is shut in winter." for number in range(20))
    assert "number 19" in can_answer(article_of(mail(f"{OWN}\n--\n{parts}\n")))


def test_signatures_of_programs_are_left_out_of_html() -> None:
    html = f'<p>{OWN}</p><div class="gmail_signature">Odra Vell<br>Harbour master</div>'
    assert can_answer(article_of(mail(html, kind="text/html"))) == OWN


@pytest.mark.parametrize(
    "trailer",
    [
        "This e-mail and any attachments are confidential and intended solely for the addressee.",
        "If you are not the intended recipient, please delete it.",
        "You are receiving this email because you subscribed to it.",
        "Unsubscribe",
        "View this email in your browser",
    ],
)
def test_trailers_of_companies_and_newsletters_cannot_answer(trailer: str) -> None:
    assert can_answer(article_of(mail(f"{OWN}\n\n{trailer}\n"))) == OWN


def test_html_of_a_mail_loses_nothing_that_is_shown() -> None:
    html = (
        '<div style="display:none">Preview</div><div>See below.<br><br>'
        '<div class="gmail_quote">---------- Forwarded message ---------<br>From: Pell<br></div>'
        f"<div>{OWN}</div></div><table><tr><td>Ship to:<br>Odra Vell<br>5000 Melvik</td></tr></table>"
    )
    article = article_of(mail(html, subject="Fwd: Fees", kind="text/html"))
    lines = [line for line in article.text.splitlines() if line]
    assert lines[0] == "See below."
    assert lines[3:] == [OWN, "Ship to:", "Odra Vell", "5000 Melvik"]


def test_lines_of_html_are_paragraphs_unless_they_go_on() -> None:
    long = "The fee for a night at the quay, which the board had set in the year of"
    html = f"Order: 4711<br>Total: 6<br>{long}<br>the flood, rose.<br>It was <b>four</b><br>crowns.<br>Odra"
    article = article_of(mail(html, kind="text/html"))
    assert article.text.split("\n\n") == [
        *("Order: 4711", "Total: 6", f"{long} the flood, rose.", "It was four crowns.", "Odra"),
    ]


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("The gate – ‘open’".encode("cp1252"), "iso-8859-1"),
        ("The gate – ‘open’".encode(), "iso-8859-1"),
        ("The gate – ‘open’".encode(), "windows-1252"),
    ],
)
def test_charsets_are_read_as_what_they_are(data: bytes, charset: str) -> None:
    head = f"From: a@b.example\nSubject: Gate\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert article_of(head + data).text == "The gate – ‘open’"


def test_an_invitation_is_read_where_a_mail_says_nothing_else() -> None:
    event = "\n".join(
        (
            *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY:Board\n meeting\\, open to all"),
            *(
                "DTSTART;TZID=Europe/Oslo:20200305T090000",
                "DTEND:20200305T090000Z",
                "LOCATION:Harbour office",
            ),
            *("DESCRIPTION:Fees.\\nThe gate.", "END:VEVENT", "END:VCALENDAR\n"),
        )
    )
    alone = article_of(mail(event, kind="text/calendar"))
    assert alone.text.splitlines() == [
        *(
            "Boardmeeting, open to all",
            "2020-03-05 09:00 (Europe/Oslo) – 2020-03-05 09:00 UTC",
            "Harbour office",
        ),
        *("", "Fees.", "The gate."),
    ]
    message = EmailMessage()
    message.set_content(OWN)
    message.add_alternative(event, subtype="calendar")
    assert article_of(message.as_bytes()).text == OWN


@pytest.mark.parametrize(
    "fields",
    [
        "Od: P <p@a.example>\nWysłano: poniedziałek\nDo: O\nTemat: Brama",
        "От: P <p@a.example>\nОтправлено: 2 марта\nКому: O\nТема: Ворота",
        "Fra: P <p@a.example>\nSendt: mandag\nTil: O\nEmne: Port",
        "发件人: P <p@a.example>\n发送时间: 2020年3月2日\n收件人: O\n主题: 门",
    ],
)
def test_fields_of_quoted_mails_are_known_in_many_languages(fields: str) -> None:
    assert can_answer(article_of(mail(f"{OWN}\n\n{fields}\n\n{OLD}\n"))) == OWN


def test_the_text_is_read_rather_than_the_html_unless_it_says_nothing() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "clerk@melvik.example", "Fees"
    message.set_content(OWN)
    message.add_alternative(f"<p>{OLD}</p>", subtype="html")
    assert can_answer(article_of(message.as_bytes())) == OWN
    placeholder = EmailMessage()
    placeholder["From"] = "clerk@melvik.example"
    placeholder.set_content("Your mail program cannot show HTML mail.")
    placeholder.add_alternative(f"<p>{OLD}</p>", subtype="html")
    assert can_answer(article_of(placeholder.as_bytes())) == OLD


def test_html_with_a_text_below_it_loses_neither() -> None:
    message = EmailMessage()
    message["From"] = "clerk@melvik.example"
    message.set_content(f"<p>{OWN}</p>", subtype="html")
    message.make_mixed()
    footer = EmailMessage()
    footer.set_content(OLD)
    message.attach(footer)
    assert can_answer(article_of(message.as_bytes())) == f"{OWN} {OLD}"


def test_attachments_are_articles_of_their_own(tmp_path: Path) -> None:
    message, inner = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "pell@melvik.example", "The pilot"
    inner.set_content(OLD)
    message["From"], message["Subject"] = "clerk@melvik.example", "Fees"
    message.set_content(OWN)
    tea = (FORMATS / "docx" / "tea.docx").read_bytes()
    message.add_attachment(tea, maintype="application", subtype="octet-stream", filename="../tea.docx")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(inner)
    path = tmp_path / "fees.eml"
    path.write_bytes(message.as_bytes())
    articles = {article.id: article for article in load_articles(path)}
    assert [*articles] == ["fees.eml", "fees.eml/tea.docx", "fees.eml/The pilot.eml"]
    index = ArticleIndex.from_articles(articles.values())
    for question, source in (
        ("What is the fee for a night at the quay?", "fees.eml"),
        ("Who brought seedlings home from Darjeeling?", "fees.eml/tea.docx"),
        ("Whom did the board choose?", "fees.eml/The pilot.eml"),
    ):
        citation = index.ask(question, top_k=1, min_confidence=0).sentences[0].citation
        assert citation.source == str(tmp_path / source)
        assert citation.verify(articles[source])
        assert citation.verify_source() is SourceCheck.YES


def test_flowed_lines_are_joined_and_quotations_stay_apart() -> None:
    flowed = "The fee \nrose.\n> Old \n> text.\nNew.\n-- \nClerk"
    assert unflowed(flowed) == "The fee rose.\n> Old text.\nNew.\n-- \nClerk"
    assert unflowed("Wort \nteil", joins_words=True) == "Wortteil"


def test_messages_of_a_mailbox_are_articles(tmp_path: Path) -> None:
    path = tmp_path / "inbox"
    messages = [mail(f"{OWN}\n\n>From here on it rains."), b"no message", mail(OLD, subject="Pilot")]
    path.write_bytes(b"".join(b"From - Tue Mar  3 10:00:00 2020\n" + each + b"\n" for each in messages[::2]))
    first, second = load_articles(path)
    assert (first.id, first.title, second.id, second.title) == ("inbox#1", "Fees", "inbox#2", "Pilot")
    assert first.text.endswith("\nFrom here on it rains.")
    index = ArticleIndex.from_articles([first, second])
    citation = index.ask("Whom did the board choose?", top_k=1, min_confidence=0).sentences[0].citation
    assert (citation.article_id, citation.verify_source()) == ("inbox#2", SourceCheck.YES)


def test_a_damaged_message_takes_nothing_else_of_its_mailbox(tmp_path: Path) -> None:
    path = tmp_path / "a.mbox"
    encrypted = mail("x", kind="application/pkcs7-mime")
    envelope = b"From - Tue Mar  3 10:00:00 2020\n"
    path.write_bytes(b"\n".join([envelope + encrypted, envelope + mail(OWN)]))
    with pytest.warns(match="a.mbox#1: encrypted; decrypt it"):
        articles = load_articles(path)
    assert [article.id for article in articles] == ["a.mbox#2"]


def test_mails_of_outlook_are_read() -> None:
    data = outlook_mail(
        p0037="Fees at the quay",
        p0C1A="Odra Vell",
        p0C1F="odra@melvik.example",
        p1000=f"{OWN}\r\n\r\n-----Original Message-----\r\nFrom: Pell\r\n\r\n{OLD}\r\n",
    )
    (article,) = msg_members(named(data, "a.msg"), BLANK)
    assert isinstance(article, Article)
    assert (article.title, article.metadata["author"]) == ("Fees at the quay", "Odra Vell")
    assert can_answer(article) == OWN


def test_mail_attached_to_a_mail_of_outlook_is_an_article(tmp_path: Path) -> None:
    path = tmp_path / "a.msg"
    path.write_bytes(outlook_mail({"p0037": "Pilots", "p1000": OLD}, p0037="Fees", p1000=OWN))
    outer, inner = load_articles(path)
    assert (outer.title, outer.text.strip()) == ("Fees", OWN)
    assert (inner.id, inner.title, inner.text.strip()) == ("a.msg/Pilots.msg", "Pilots", OLD)
    answer = ArticleIndex.from_articles([outer, inner]).ask("Who chose a new pilot?", min_confidence=0)
    citation = answer.sentences[0].citation
    assert (citation.article_id, citation.verify_source()) == (inner.id, SourceCheck.YES)


@pytest.mark.parametrize("inner", [[], ["__substg1.0_3701000D/CONTENTS"]])
def test_attachment_of_outlook_that_is_neither_file_nor_mail_is_counted(inner: list[str]) -> None:
    folder = "__attach_version1.0_#00000000"
    properties = bytes(32) + struct.pack("<HHIII", 0x1F, 0x1000, 6, 2 * len(OWN) + 2, 0)
    streams = {
        "__properties_version1.0": properties,
        "__substg1.0_1000001F": OWN.ljust(2048).encode("utf-16-le"),
        f"{folder}/__properties_version1.0": bytes(8),
        **{f"{folder}/{name}": b"an object" for name in inner},
    }
    (article,) = msg_members(named(compound_file(streams), "a.msg"), BLANK)
    assert isinstance(article, Article)
    assert (article.text.strip(), article.metadata["unreadable_parts"]) == (OWN, "1 attachment")


@pytest.mark.parametrize("code_page", [65001, 950])
def test_a_mail_of_outlook_in_another_code_page_than_it_states_is_read(code_page: int) -> None:
    text = "Über den Fähren lag Nebel. Die Gebühr beträgt sechs Kronen.".encode("cp1252").ljust(4096)
    properties = bytes(32) + struct.pack("<HHIQ", 0x3, 0x3FDE, 6, code_page)
    properties += struct.pack("<HHIII", 0x1E, 0x1000, 6, len(text), 0)
    streams = {"__properties_version1.0": properties, "__substg1.0_1000001E": text}
    (article,) = msg_members(named(compound_file(streams), "a.msg"), BLANK)
    assert isinstance(article, Article)
    assert "sechs Kronen" in article.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"It rained all day.",
        b"\0\1\2" * 500,
        b"From: a@b.example\nContent-Type: text/html; " + b"a;" * 1_000_000 + b"\n\n<p>x",
        b'From: a\nContent-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\n" * 100_000,
        b"From: a\n" + b"".join(DEEPER % (number, number) for number in range(5000)),
        b"From: a\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n",
    ],
)  # fmt: skip
def test_what_is_no_mail_or_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDataError):
        members(data)


def test_a_text_of_many_dashed_lines_is_a_mail() -> None:
    dashes = "".join(f"--- a/file{n}\n" for n in range(10_001))
    article = article_of(f"From: a@b.example\nSubject: Patch\n\n{OWN}\n\n{dashes}".encode())
    assert article.text.startswith(OWN)


def test_limits_of_mails_are_named() -> None:
    many = b'From: a@b.example\nContent-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\na\n" * 10_001
    with pytest.raises(UnreadableDataError, match="has more than 10,000 parts"):
        members(many)
    deep = b"From: a@b.example\n" + b"".join(DEEPER % (n, n) for n in range(1_000))
    with pytest.raises(UnreadableDataError, match=r"nested too deep|nested more than"):
        members(deep)


def test_noise_is_no_mail_of_outlook_and_no_mailbox() -> None:
    whole = outlook_mail(p0037="Fees", p1000=OWN)
    for data in (b"", b"noise", whole[:700], whole[:512] + b"\xfe" * 3000):
        with pytest.raises(UnreadableDataError):
            list(msg_members(named(data, "a.msg"), BLANK))
        with pytest.raises(UnreadableDataError):
            list(mbox_members(named(data, "a.mbox"), BLANK))


@settings(max_examples=40)
@given(st.lists(st.sampled_from(LINES), max_size=15), st.booleans())
def test_quoted_spans_are_in_order_and_never_all_there_is(lines: list[str], is_forward: bool) -> None:
    text = "\n".join(lines)
    spans = quoted_spans(text, is_forward=is_forward)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        end = span.end
    own = "".join(c for place, c in enumerate(text) if not any(s.start <= place < s.end for s in spans))
    assert not spans or any(c.isalnum() for c in own)


@settings(max_examples=30)
@given(st.data())
def test_damaged_mails_are_read_or_refused(data: st.DataObject) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "clerk@melvik.example", "Fees"
    message.set_content(OWN)
    message.add_alternative(f"<p>{OLD}</p>", subtype="html")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="a.csv")
    damaged = bytearray(message.as_bytes())
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=20)):
        damaged[place] = data.draw(st.integers(0, 255))
    for candidate in (bytes(damaged), bytes(damaged[: data.draw(st.integers(0, len(damaged)))])):
        try:
            found = members(candidate)
        except UnreadableDataError:
            continue
        for article in found:
            if isinstance(article, Article):
                assert all(block.span.of(article.text) for block in article.blocks or ())
