"""A web page to the article on it: trafilatura finds the text among navigation, adverts and related headlines."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import LxmlError
from trafilatura import bare_extraction

from kg.read.article import Article
from kg.read.decode import decode
from kg.read.meta import described

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
#: Fewer words are a menu or a notice, and no article.
_SHORTEST = 10
#: A date only where the page states it in its markup; the bound keeps the answer independent of today.
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}


def article(content: bytes, source: str, url: str | None = None, charset: str | None = None) -> Article:
    """The article of a page, its headline the first paragraph. Raises ValueError where there is none.

    `url` is where the page was found, `charset` what its server said of it.
    """
    page = _extracted(decode(content, charset or _declared(content)), url)
    text = (page.text or "").strip() if page else ""
    if len(text.split()) < _SHORTEST:
        raise ValueError("no article found on the page: save its text as .txt")
    known = {"title": page.title, "published": page.date, "url": _own(page.url, url), "outlet": page.sitename}
    return described(Article(_with_headline(page.title, text), source), known)


def _declared(content: bytes) -> str | None:
    """The encoding that the page names near its beginning."""
    found = _CHARSET.search(content[:2048])
    return found[1].decode("ascii") if found else None


def _own(stated: str | None, found: str | None) -> str | None:
    """The address that a page states, where that is of the host it was found at: no page may pose as another outlet's,
    whose article it would replace."""
    same = stated is None or found is None or urlsplit(stated).hostname == urlsplit(found).hostname
    return (stated or found) if same else found


def _extracted(markup: str, url: str | None) -> Any:
    """What trafilatura finds, or None. It fetches nothing; what its parsers trip over is no article."""
    try:
        return bare_extraction(
            markup,
            url=url,
            with_metadata=True,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params=_DATES,
        )
    except (LxmlError, RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return None


def _with_headline(title: str | None, text: str) -> str:
    """Paragraphs apart by an empty line; the headline first, once."""
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    if title and paragraphs[0].casefold() != title.casefold():
        paragraphs.insert(0, title)
    return "\n\n".join(paragraphs) + "\n"
