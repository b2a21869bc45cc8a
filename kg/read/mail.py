"""A letter or newsletter (RFC 5322) to the article in it: its subject, its body, who sent it and when."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    MessageError,
)
from email.message import EmailMessage
from email.utils import parseaddr

from kg.read.article import Article
from kg.read.decode import decode
from kg.read.meta import day, described

#: What a letter has whose last bytes are missing; of what is packed that is known once it is unpacked.
_CUT = (CloseBoundaryNotFoundDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect)


def article(content: bytes, source: str) -> Article:
    """The article of a letter; attachments are not opened. Raises ValueError where there is no text to read."""
    try:
        letter = message_from_bytes(content, policy=policy.default)
        text = _body(letter, source)
        if any(isinstance(defect, _CUT) for part in letter.walk() for defect in part.defects):
            raise ValueError("cut off before its end")
        known = {"title": _header(letter, "subject"), "outlet": _sender(letter), "published": _sent(letter)}
    except (MessageError, AttributeError, LookupError, RecursionError, TypeError) as error:
        raise ValueError(f"not a letter that can be read: {' '.join(str(error).split())[:200]}") from error
    return described(Article(text, source), known)


def _body(letter: EmailMessage, source: str) -> str:
    """The text for readers of text, else the article on the page that it holds."""
    plain = _content(letter, "plain")
    if plain is not None and plain.strip():
        return decode(plain)
    page = _content(letter, "html")
    if page is None:
        raise ValueError("no text in the letter")
    from kg.read import html

    return html.article(page, source).text


def _content(letter: EmailMessage, kind: str) -> bytes | None:
    """The bytes of the body of a kind, in UTF-8 as far as the letter says truly in what it is written."""
    part = letter.get_body((kind,))
    if part is None:
        return None
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return decode(content, part.get_content_charset()).encode("utf-8", "surrogatepass") if content else content


def _header(letter: EmailMessage, name: str) -> str | None:
    value = letter.get(name)
    return str(value) if value else None


def _sender(letter: EmailMessage) -> str | None:
    name, address = parseaddr(_header(letter, "from") or "")
    return name or address.rpartition("@")[2] or None


def _sent(letter: EmailMessage) -> str | None:
    """The day, where the letter states one: what is no date says nothing."""
    try:
        return day(_header(letter, "date") or "")
    except ValueError:
        return None
