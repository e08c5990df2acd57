"""Removal of boilerplate from a web page, recognised by its HTML and by the site's own names for its parts.

Names are the words of `class`, `id`, `name`, `aria-label` and the data attributes that content systems use
for the same purpose: "StoryRelated-box" becomes "story related box". An element is never boilerplate if it
holds the page's heading, the element marked as the article's body, or more than half of the prose on the
page: sites name whole pages "has-sidebar" and whole articles "newsletter-post".
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.loaders.element_blocks import ElementBlock
from articleqa.loaders.elements import (
    HEADINGS,
    letters,
    subtree_weights,
    word_count,
)

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_TAGS = frozenset(["nav", "menu", "dialog", "search", "form", "footer", "aside"])
_ROLES = frozenset(
    str.split("alertdialog banner complementary contentinfo dialog menu menubar navigation search toolbar")
)
_NAMED_BY = tuple(
    str.split("class name aria-label data-testid data-component data-module data-area data-name data-type")
)

_NAMES = regex.compile(
    r"""
    # Consent
    \b(?: cookies? | gdpr | consent | onetrust | cookiebot | borlabs | cmplz | didomi | usercentrics )\b
    # Sharing
  | \b(?: share[ds]? | sharing | sharedaddy | social | addthis | sharethis | teilen | partager | compartir
        | condividi | compartilhar | delen | buttons? )\b
    # Links to other articles
  | \b(?: related | recirc\w* | recommended | recommendations? | outbrain | taboola | onward | trending
        | relatedposts | next\ up | up\ next | you\ (?:may|might) | bookmark\ card | promos?
        | most\ (?:read|popular|viewed|shared|commented) | read\ (?:next|also)
        | more\ (?:on|from|stories|news|articles|posts) | read\ more\ (?:wrap|box|list|links)
        | meistgelesen\w* | lesen\ sie\ auch | mehr\ zum\ thema | verwandte\w*
        | lire\ aussi | plus\ lus | relacionad[oa]s? | leer\ tambien | correlat[ie] | leggi\ anche
        | leia\ (?:tambem|mais) | lees\ ook | gerelateerd\w* )\b
    # Newsletters and accounts
  | \b(?: newsletters? | subscri(?:be|ber|bers|ption|ptions) | signup | sign\ up | opt\ ?in | mailchimp
        | mailing\ list | paywall\ (?:notice|prompt|banner|message|overlay|barrier|modal) | regwall )\b
    # Comments of readers; those of a reporter ("live match comment") are the article
  | (?:^|\|)(?:(?: all | area | article | blog | c | block | entry | facebook | fb | js | list | node
        | number | of | page | post | reader | section | single | story | the | user | view | wp
        | wrapper )\ )*comments?\b
  | \b(?: disqus | respond | kommentare? | commentaires? | comentarios | commenti | reacties )\b
    # Advertisements
  | \b(?: ads? | advert\w* | adsense | adthrive | adslot | dfp | gpt | sponsor(?:s|ed|ship)? | affiliate
        | anzeigen? | werbung | publicite | publicidade? | pubblicita | advertentie | reklam[ae] )\b
    # Page parts
  | \b(?: skip\ link | toolbar | top\ ?bar | top\ ?nav | masthead | sidebar\w* | widget\ area
        | sticky\ header | site\ (?:header|footer|info|map) )\b
    # Donations, feedback, recipe tools
  | \b(?: donat(?:e|ion|ions) | fundrais\w+ | cta | support\ (?:box|us|banner|prompt) | feedback | survey )\b
  | \b(?: wprm\ call\ to\ action | recipe\ (?:jump|print|snippet|rating) | star\ rating )\b
    # Around the text
  | \b(?: author\ (?:box|bio|card|profile|info) | (?:about\ (?:the\ )?)author | bio | footer | colophon
        | bottom\ of\ article | (?:after|below)\ (?:article|post|content) | popup | modal
        | interstitial | editsection
        | cite\ (?:box|this) | how\ to\ cite )\b
    """,
    regex.VERBOSE,
)
_NAVIGATION = regex.compile(
    r"""
    \b(?: nav | navbar | navigation | menus? | breadcrumbs? | pagination | pager | toc | table\ of\ contents
        | contents\ list )\b
    """,
    regex.VERBOSE,
)
_BEFORE = r"(?:(?:post|entry|article|story|page|c|block|node) )?"
_AFTER = r"(?: (?:list|links|wrap|wrapper|cloud|container|items))?"
_WHOLE_NAMES = regex.compile(f"{_BEFORE}(?:authors?|byline|support){_AFTER}")
_TOPICS = regex.compile(f"{_BEFORE}(?:tags?|topics?|labels|keywords|categories|cat|tagged){_AFTER}")
_ABOUT_OTHERS = regex.compile(r"(?:no|without|with|has|hide|hides|show|shows) .*|.* free")
"""Names that say what is beside an element, or not there: "has-sidebar", "ad-free"."""

_VARIANT = regex.compile(r"--\S*")
_SECTION = 200
"""An element with as many characters of prose is a section, whatever variant of one it is ("--ads")."""


_CREDIT = regex.compile(rf"\b{any_of(*LAYOUT.credit_names)}\b")
_CREDIT_TEXT = regex.compile("|".join([r"©|\(c\) ", *LAYOUT.credit_texts]), regex.IGNORECASE)
_FACTS = regex.compile(r"\b(?:facts?|factbox|info ?box|note|definition|key|timeline|glossary|explainer)\b")
_PULL_QUOTE = regex.compile(r"\bpull ?quotes?\b")
_INLINE = frozenset(
    str.split("a abbr b bdi bdo cite code em font i ins label mark q s small span strong sub sup time u")
)
_CAMEL = regex.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = regex.compile(r"[^\p{L}\p{N}]+")

_LONGEST_CREDIT = 200
_MOST_QUOTES = 50
_NAMES_KEPT = 4096
"""Names whose words are kept: the elements of a page, and of a site's pages, share most of them."""

_FEWEST_WORDS = 8
"""A block of fewer words does not count as prose."""


def remove_boilerplate(body: HtmlElement, blocks: Sequence[ElementBlock], title: str) -> None:
    """Remove the boilerplate from `body`, whose blocks are `blocks`.

    `title`, the article's title, identifies its heading.
    """
    prose = _prose_held(blocks)
    most = prose.get(body, 0.0) / 2
    with_text = _with_own_text(body)
    staying = _protected_elements(body, title)
    for element in list(body.iterdescendants()):
        if element in staying or prose.get(element, 0.0) > most:
            continue
        if _is_boilerplate(element, with_text, prose.get(element, 0.0)):
            _remove(element)
    _remove_repeated_quotes(body)


def _remove(element: HtmlElement) -> None:
    """Remove `element`, but not what it parts: the text before it and the text after it."""
    if element.tag in _INLINE or not (element.tail or "").strip():
        element.drop_tree()
        return
    parting = element.makeelement("div")
    parting.tail, element.tail = element.tail, None
    element.getparent().replace(element, parting)


def _prose_held(blocks: Sequence[ElementBlock]) -> Mapping[_Element, float]:
    """Return the number of characters of prose in each element."""
    return subtree_weights(
        (block.element, len(block.text) - block.linked)
        for block in blocks
        if word_count(block.text) >= _FEWEST_WORDS and 2 * block.linked < len(block.text)
    )


def _protected_elements(body: HtmlElement, title: str) -> set[_Element]:
    """Return the page's heading and the elements marked as its main text, each with all its ancestors."""
    headings = list(body.iterdescendants(*HEADINGS))
    titles = [heading for heading in headings if letters(heading.text_content()) == letters(title)]
    marked = body.xpath(".//main | .//*[@role='main' or contains(@itemprop, 'articleBody')]")
    staying = {*marked, *(titles or [heading for heading in headings if heading.tag == "h1"])}
    return staying.union(*(element.iterancestors() for element in staying))


def _is_boilerplate(element: HtmlElement, with_text: Container[_Element], prose: float) -> bool:
    tag = element.tag
    if tag == "header":
        return next(element.iterancestors("article", "main", "section"), None) is None
    if tag == "footer" and next(element.iterancestors("blockquote", "figure"), None) is not None:
        return False
    if str(tag).startswith("mjx-"):
        return False  # MathJax names its formulas for the menu on them
    if tag == "blockquote" or element.find(".//blockquote") is not None:
        return False  # what somebody else said, also on a social network
    names = _names(element, with_variants=prose < _SECTION)
    if _is_credit(element, names):
        return True
    if tag in _INLINE and (element.getparent() in with_text or _is_heading_link(element)):
        return False
    if tag == "aside" or (element.get("role") or "").lower() == "complementary":
        return not (_FACTS.search(names) or _PULL_QUOTE.search(names)) or _NAMES.search(names) is not None
    if tag in _TAGS or (element.get("role") or "").lower() in _ROLES:
        return True
    return _is_named(names, has_prose=prose > 0) or _is_identified(element, has_prose=prose > 0)


def _is_heading_link(element: HtmlElement) -> bool:
    """Return whether a link in a heading leads to a place on the page, as from a section to the contents."""
    parent = element.getparent()
    is_anchor = element.tag == "a" and (element.get("href") or "").startswith("#")
    return is_anchor and parent is not None and parent.tag in HEADINGS


@lru_cache(_NAMES_KEPT)
def _is_named(names: str, *, has_prose: bool) -> bool:
    """Return whether `names` are those of boilerplate; lists of links are named for what they link to."""
    if _NAMES.search(names):
        return True
    parts = names.split("|")
    if any(_WHOLE_NAMES.fullmatch(each) for each in parts):
        return True
    return not has_prose and (
        _NAVIGATION.search(names) is not None or any(_TOPICS.fullmatch(each) for each in parts)
    )


def _is_identified(element: HtmlElement, *, has_prose: bool) -> bool:
    """Return whether the id of `element` names boilerplate, and is not made of the words of its heading."""
    name = _words(element.get("id") or "")
    if not name or element.tag in HEADINGS or not _is_named(name, has_prose=has_prose):
        return False
    heading = next(element.iterdescendants(*HEADINGS), None)
    slug, said = letters(name), letters("".join(heading.itertext())) if heading is not None else ""
    return not said or (slug not in said and said not in slug)


def _is_credit(element: HtmlElement, names: str) -> bool:
    """Return whether `element` is a picture credit, by its name or by its text in a caption."""
    is_named = _CREDIT.search(names) is not None
    if not is_named and next(element.iterancestors("figcaption"), None) is None:
        return False
    text = element.text_content().strip()
    return len(text) <= _LONGEST_CREDIT and (is_named or _CREDIT_TEXT.match(text) is not None)


def _names(element: HtmlElement, *, with_variants: bool = True) -> str:
    """Return the names of `element` as lower-case words, with a bar between two names.

    `with_variants` says whether "--ads" in "section--ads" counts.
    """
    if not element.attrib:
        return ""
    values = " ".join(filter(None, map(element.get, _NAMED_BY)))
    names = (_words(name if with_variants else _VARIANT.sub("", name)) for name in values.split())
    return "|".join(name for name in names if not _ABOUT_OTHERS.fullmatch(name))


@lru_cache(_NAMES_KEPT)
def _words(name: str) -> str:
    """Return the words of a name, in lower case: "StoryRelated-box" becomes "story related box"."""
    return " ".join(_NO_WORD.sub(" ", _CAMEL.sub(" ", name)).lower().split())


def _with_own_text(body: HtmlElement) -> set[_Element]:
    """Return the elements that hold text directly, not only inside child elements."""
    holding = {element for element in body.iter() if element.text and not element.text.isspace()}
    return holding.union(e.getparent() for e in body.iterdescendants() if e.tail and not e.tail.isspace())


def _remove_repeated_quotes(body: HtmlElement) -> None:
    """Remove the pull quotes whose words also appear in the text."""
    quotes = [e for e in body.xpath(".//*[contains(@class, 'ull')]") if _PULL_QUOTE.search(_names(e))]
    text = letters(body.text_content()) if quotes else ""
    for quote in quotes[:_MOST_QUOTES]:
        if text.count(letters(quote.text_content())) > 1:
            quote.drop_tree()
