"""An article as it was read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from kg.namespaces import ARTICLE


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A page that is as it was when its article was stored."""

    source: str


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known of it; `published` is an ISO date."""

    text: str
    source: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    outlet: str | None = None
    language: str = "en"

    @property
    def id(self) -> str:
        """The article's IRI, from a hash of its text and of where and when it appeared."""
        known = json.dumps([self.text, self.published, self.url, self.outlet], ensure_ascii=False)
        return str(ARTICLE) + hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:16]
