"""Phrases of web pages around their text: labels of the interface, credits of pictures, links to headings.

In several languages at once: pages mix the language of their text with that of the program that serves them.
"""

from __future__ import annotations

import regex

INTERFACE_LABEL = regex.compile(
    r"""
    captions? | (?:back\ to\ )?(?:the\ )?gallery
    | (?:view|open|see)\ (?:the\ )?(?:gallery|slideshow|full\ ?screen|larger\ image)
    | (?:view|read|show|hide)\ (?:the\ )?(?:full\ )?captions?
    | (?:(?:image|photo|picture|slide)\ )?\d+\ (?:of|/)\ \d+(?:\ (?:images?|photos?|pictures?|slides?))?
    | image\ source,?(?:\ .{1,40})?
    | loading | please\ wait(?:\ while\ .{1,60})?
    | video | audio | play(?:\ video)? | pause | mute | watch | listen
    | advert(?:isement)? | ad | live
    | anzeige | werbung | reklama | publicidade? | publicité | pubblicità | advertentie
    | breaking(?:\ news)? | topshot | expand | collapse | (?:read|show|see)\ (?:less|more)
    | (?:estimated\ )?reading\ time:?\ .{1,20} | \d+\ min(?:ute)?s?\.?\ (?:read|to\ read)
    | (?:the\ )?(?:story|article)\ continues\ below(?:\ .{1,30})?
    | (?:was|is|did)\ this\ .{1,30}\ help(?:ful)?(?:\ you)?\?*
    | listen\ to\ (?:this\ )?(?:article|story) | you\ (?:may|might)\ also\ (?:like|enjoy)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
"""A label that stands alone: "Caption", "Advert", "3 min read"."""

SEE_ALSO = regex.compile(
    r"""
    (?:
      also\ read | read\ (?:also|more|next) | see\ (?:also|more)
      | further\ reading | more\ on\ this(?:\ topic)?
      | auch\ (?:interessant|lesen|lesenswert) | lesen\ sie\ (?:auch|dazu|hier|mehr) | mehr\ zum\ thema
      | (?:das\ könnte|was)\ (?:dich|euch|sie)\ auch\ interessier(?:en|t) | schon\ gelesen | siehe\ auch
      | (?:zum\ )?weiterlesen
      | (?:à\ )?lire\ (?:aussi|également) | voir\ aussi | sur\ le\ même\ sujet
      | (?:lea|lee|leer|vea|mira|ver)\ (?:también|además|más) | (?:le|te)\ puede\ interesar | puedes\ ver
      | (?:leia|veja)\ (?:também|mais) | saiba\ mais
      | (?:leggi|vedi|guarda)\ anche | ti\ potrebbe\ interessare
      | (?:lees|zie|bekijk)\ (?:meer|ook)
      | (?:czytaj|przeczytaj|zobacz)\ (?:także|też|również|więcej) | dowiedz\ się\ więcej
    )
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
"""What stands before a link to another article: "Read more: The harbour of Aldmouth"."""

_CHANNEL = r"""(?:
    apps? | canale? | channel | discord | edition | facebook | fan-?shop | instagram | kanal | mailing\ list
    | newsletters? | patreon | podcast | shop | telegram | tiktok | twitter | whatsapp | youtube
)"""
PROMOTION = regex.compile(
    rf"""
    \b(?:follow|join|like)\ us\b.{{0,40}}\b{_CHANNEL}\b
    | \b(?:s[ií]g[au]e?nos|folg(?:en\ sie|e|t)\ uns|suivez-nous|siga-nos|seguici|volg\ ons)\b
      .{{0,60}}\b{_CHANNEL}\b
    | \b(?:download|join|signing\ up|sign\ up|subscribe
        | abonnieren|besuchen|entdecken | mira|suscríbete|únete|visita | abonnez-vous|découvrez|inscrivez-vous
        | assine|iscriviti|abonneer)\b
      .{{0,40}}\b(?:our|unser(?:en?)?|nuestr[ao]|notre|noss[ao]|nostr[ao]|onze)\b.{{0,40}}\b{_CHANNEL}\b
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
"""What asks readers to follow the site elsewhere: "Follow us on Facebook", "Sign up to our newsletter"."""

_MEDIA = r"(?:photo(?:graph)?s?|image|picture|illustration|foto(?:s|grafie)?|bild(?:er|quelle|nachweis)?)"
CREDIT = rf"""
    (?: ©\ ? | \(c\)\ ? | copyright\b[:\ ]*
      | (?:{_MEDIA}\ )?(?:credits?|courtesy(?:\ of)?|source|quelle|crédits?|crédito)\ ?:\ ?
      | {_MEDIA}\ ?[:/]\ ?
      | {_MEDIA}\ (?:by|courtesy\ of|via|von|de)\ (?=\p{{Lu}})
    )
    [^!?]{{1,120}}?
"""
"""A pattern, to be compiled verbose and with case ignored, of a credit: "Photo: T. Marn", "© Agency"."""

PERMALINK = regex.compile(
    r"[¶#§🔗\s]+ | \[?(?:permalink|link\ to\ this\ (?:heading|section|headline|definition))\]?",
    regex.VERBOSE | regex.IGNORECASE,
)
"""The text of a link to the heading that it stands at."""

NO_AUTHOR = regex.compile(
    r"""
    (?:super\ ?)?user(?:\ ?name)? | admin(?:istrator)? | (?:first\ |last\ |full\ )?name | unknown
    | anonymous | guest
    | authority\ control | (?:article\ |written\ |posted\ )?by | authors? | autor(?:en)? | auteur
    | autore | 作者
    | (?:meta|dublin\ core)\ name\ author | (?:facebook|twitter|instagram)\ com | https?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
"""What stands where a page names its author and names nobody: labels, accounts of the program, addresses."""

DAY_OF_WEEK = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
)
BEFORE_DATE = r"(?:(?:last\s+)?(?:updated|published)|on)"
"""Patterns of a date that a page writes behind the name of its author."""
