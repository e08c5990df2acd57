"""Parse the XHTML of e-books, which is often not well-formed."""

from __future__ import annotations

from html.entities import html5
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.element_trees import check_size, is_hidden
from articleqa.loaders.epub.drawn_text import show_drawn_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_ENTITY = regex.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_OF_XML = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_LISTS_OF_CONTENTS = ("toc", "landmarks", "page-list", "loi", "lot")
_PICTURE = regex.compile(r"image/|\.(?:svg|png|jpe?g|gif|webp)\b", regex.IGNORECASE)
_DTBOOK = {"level": "section", **{f"level{depth}": "section" for depth in range(1, 7)}, "list": "ul"}
"""Elements of DTBook, which EPUB 2 allows for chapters, that have another name in XHTML."""


def body_of(data: bytes) -> _Element | None:
    """Return a chapter's body without namespaces and lists of contents, or None if it has no body."""
    from lxml import etree, html

    root = parsed_as_xml(_ENTITY.sub(_as_number, data))
    if root is None:  # malformed XHTML: parse it as HTML, as browsers do, to keep the text after the error
        parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(data, parser=parser) if data.strip() else None
    if root is None:
        return None
    check_size(root, "an EPUB file that has a chapter")
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname
    if root.tag == "dtbook":
        return _body_of_dtbook(root)
    body: _Element | None = root if root.tag == "svg" else next(root.iter("body"), None)
    if body is not None:
        show_drawn_text(body)
        _show_instead_of_objects(body)
        for contents in body.xpath(".//nav"):
            if any(kind in types_of(contents) for kind in _LISTS_OF_CONTENTS):
                contents.clear(keep_tail=True)
        for element in [*body.iter("*")]:
            if _is_page_number(element) or is_hidden(element):
                element.clear(keep_tail=True)
        for switch in body.xpath(
            ".//switch[case]"
        ):  # the same content in several ways, the last of which is plain
            for case in switch.xpath("./*[position() < last()]"):
                case.clear(keep_tail=True)
    return body


def _is_page_number(element: _Element) -> bool:
    """Return whether an element marks where a page of the printed book begins."""
    return element.get("role") == "doc-pagebreak" or "pagebreak" in types_of(element)


def _show_instead_of_objects(body: _Element) -> None:
    """Show what an object of a type that reading systems do not know has inside: the same as XHTML."""
    for element in [*body.iter("object")]:
        is_picture = _PICTURE.search(f"{element.get('type') or ''} {element.get('data') or ''}")
        if not is_picture:
            element.tag = "div"


def _body_of_dtbook(root: _Element) -> _Element | None:
    book: _Element | None = next(root.iter("book"), None)
    if book is not None:
        for element in book.iter("*"):
            element.tag = _DTBOOK.get(element.tag, element.tag)
        book.tag = "body"
    return book


def parsed_as_xml(data: bytes) -> _Element | None:
    """Return the root element, or None if `data` is not well-formed; entities are never expanded."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def types_of(element: _Element) -> list[str]:
    """Return the values of an element's `epub:type`."""
    return (element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or "").split()


def plain(element: _Element) -> str:
    """Return the text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _as_number(entity: regex.Match[bytes]) -> bytes:
    """Return a named HTML entity as a numeric reference, because XML does not define its name."""
    text = html5.get(f"{entity[1].decode()};")
    if entity[1] in _OF_XML or text is None:
        return entity[0]
    return "".join(f"&#{ord(c)};" for c in text).encode()
