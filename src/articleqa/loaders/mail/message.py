"""A mail as an article: its own message is the text that can answer, quoted replies are boilerplate."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import PurePath
from typing import NamedTuple

import regex
from pydantic import JsonValue

from articleqa.loaders.mail.headers import metadata_of, sender_of
from articleqa.loaders.mail.html_message import read_markup
from articleqa.loaders.mail.quotes import is_forwarding_subject, quoted_spans
from articleqa.loaders.protocol import library_version
from articleqa.loaders.text_builder import TextBuilder
from articleqa.loaders.titles import shortened, title_of
from articleqa.models import Article, Block, BlockKind, Span
from articleqa.text.plain.blocks import plain_blocks

EXTRACTOR = "articleqa/mail-1"

_NO_TEXT = regex.compile(r"(?!\s)[\p{Cc}\p{Cs}]")
_NOT_LINE_END = regex.compile(r"[^\n]")
_MARKED_LINE = regex.compile(r"\n[ \t]*(?:>|\n)")
_PLACEHOLDER = regex.compile(r"\bHTML\b", regex.IGNORECASE)
_LONGEST_PLACEHOLDER = 500
"""A text part of at most this many characters that mentions HTML only says that the mail is in HTML."""


class Shown(NamedTuple):
    """A part of a mail that is shown: as text, as HTML, or in both versions."""

    text: str = ""
    html: str = ""

    @property
    def is_html(self) -> bool:
        """Whether the HTML has to be read, because the text is missing or only says that there is HTML."""
        said = self.text.strip()
        is_placeholder = len(said) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.search(said) is not None
        return bool(self.html.strip()) and (not said or is_placeholder)

    @property
    def as_html(self) -> str:
        """The HTML, or else the paragraphs of the text as HTML."""
        return self.html or "".join(f"<p>{escape(each)}</p>" for each in self.text.split("\n\n"))


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail holds: the fields above it, the parts that are shown, and what is attached to it.

    An attachment is a file or another mail, with its name; `lost` says what of them cannot be read.
    """

    subject: str
    sender: str
    shown: tuple[Shown, ...]
    recipients: str = ""
    date: str = ""
    message_id: str = ""
    encoding: str = "utf-8"
    attachments: tuple[tuple[str, bytes | Mail], ...] = ()
    lost: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing to show, only attachments."""
        return not any(part.text.strip() or part.html.strip() for part in self.shown)


def article_of_mail(mail: Mail, article_id: str, source: str, media_type: str) -> Article:
    """Return the article in a mail: its text or, if it has no text, its HTML.

    Raises:
        MissingLibraryError: the mail has only HTML, and the library for that is not installed.
        UnreadableDataError: the HTML cannot be parsed, or is too large.
    """
    author, address = sender_of(mail.sender)
    metadata = metadata_of(
        author=author,
        address=address if address != author else "",
        date=mail.date,
        to=mail.recipients,
        message_id=mail.message_id,
    ) | ({"unreadable_parts": mail.lost} if mail.lost else {})
    is_forward = is_forwarding_subject(mail.subject)
    if any(part.is_html for part in mail.shown):
        builder = TextBuilder()
        markup = "\n".join(part.as_html for part in mail.shown)
        read_markup(_NO_TEXT.sub("", markup), builder, is_forward=is_forward)
        article = builder.article(
            article_id,
            source,
            title=mail.subject,
            media_type=media_type,
            extractor=f"lxml/{library_version('lxml')}",
            metadata=metadata,
        )
        quoted = quoted_spans(article.text, is_forward=is_forward)
        return article.model_copy(update={"blocks": _marked(article.blocks or (), quoted)})
    return _article_of_text(mail, article_id, source, media_type, metadata, is_forward=is_forward)


def _article_of_text(
    mail: Mail,
    article_id: str,
    source: str,
    media_type: str,
    metadata: dict[str, JsonValue],
    *,
    is_forward: bool,
) -> Article:
    texts = (part.text.replace("\r\n", "\n").strip("\n") for part in mail.shown if part.text.strip())
    text = _NO_TEXT.sub("", "\n\n".join(texts))
    quoted = quoted_spans(text, is_forward=is_forward)
    own = _blanked(text, quoted)
    left_out = [Block(BlockKind.BOILERPLATE, span) for span in quoted]
    blocks = sorted([*plain_blocks(own), *left_out], key=lambda block: block.span)
    text = _reflowed(text, blocks)
    replaced = text.count("\ufffd")
    return Article(
        id=article_id,
        title=shortened(mail.subject) or title_of(own) or PurePath(article_id).stem,
        text=text,
        source=source,
        media_type=media_type,
        metadata=metadata
        | ({"encoding": mail.encoding, "replaced_characters": replaced} if replaced else {})
        | {"extractor": EXTRACTOR},
        blocks=tuple(blocks),
    )


def _blanked(text: str, quoted: list[Span]) -> str:
    """Return `text` with spaces for what is quoted: it says nothing about how the message itself is set."""
    pieces: list[str] = []
    end = 0
    for span in quoted:
        pieces += [text[end : span.start], _NOT_LINE_END.sub(" ", span.of(text))]
        end = span.end
    return "".join([*pieces, text[end:]])


def _reflowed(text: str, blocks: list[Block]) -> str:
    """Return `text` with spaces for the line ends within its paragraphs: the mail program set them."""
    pieces: list[str] = []
    end = 0
    for block in blocks:
        if block.hard_wrapped and block.kind in (BlockKind.PROSE, BlockKind.ITEM):
            said = block.span.of(text)
            pieces += [
                text[end : block.span.start],
                said if _MARKED_LINE.search(said) else said.replace("\n", " "),
            ]
            end = block.span.end
    return "".join([*pieces, text[end:]])


def _marked(blocks: tuple[Block, ...], quoted: list[Span]) -> tuple[Block, ...]:
    """Return `blocks`, with those that are quoted as boilerplate."""
    return tuple(
        Block(BlockKind.BOILERPLATE, block.span)
        if any(span.start < block.span.end and block.span.start < span.end for span in quoted)
        else block
        for block in blocks
    )
