"""What can go wrong, as one tree.

    KGError
    ├── ArticleError    an input cannot be read as an article
    ├── OntologyError   a file of the ontology is wrong
    ├── QueryError      a query cannot be answered
    └── StoreError      the store cannot be opened, read or written
        └── FaultError  its disk or its files fail: nothing more can be written

Every message says what is wrong, where (file and entry), and how to mend it.
"""


class KGError(Exception):
    """The root: catch it to catch all that kg raises on purpose."""


class ArticleError(KGError):
    """An input cannot be read as an article."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason

    def __reduce__(self) -> tuple[type["ArticleError"], tuple[str, str]]:
        return type(self), (self.source, self.reason)


class OntologyError(KGError):
    """A file of the ontology is wrong: the message names the file and the entry."""


class QueryError(KGError):
    """A query cannot be answered: bad SPARQL, an unknown question, a missing parameter."""


class StoreError(KGError):
    """The store cannot be opened, read or written."""


class FaultError(StoreError):
    """The disk or the files of the store fail: full, damaged, or taken away. Nothing more can be written to it."""
