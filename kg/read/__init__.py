"""Files in, articles out: what is the article's own text, and what is known of when and where it appeared."""

from kg.read.article import Article
from kg.read.scan import read, scan

__all__ = ["Article", "read", "scan"]
