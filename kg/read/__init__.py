"""Files in, articles out: what is the article's own text, and what is known of when and where it appeared."""

from kg.read.article import Article, Unchanged
from kg.read.scan import Found, Gauge, read, scan, size

__all__ = ["Article", "Found", "Gauge", "Unchanged", "read", "scan", "size"]
