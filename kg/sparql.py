"""What is refused in a SPARQL query before it is evaluated, and errors of Oxigraph for people. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.errors import QueryError

#: Where a word is no keyword: in IRIs, strings, comments, variables and escapes, as SPARQL 1.1 spells them (section
#: 19.8). No part gives back what it took, and a quote that opens no string ends the search, so it costs one pass; an
#: open string of escapes, 250 KB long, cost minutes before.
_OPAQUE = re.compile(
    r"""<(?:[^<>"{}|^`\\\x00-\x20]|\\[uU][0-9a-fA-F]+)*+>"""
    r"""|"{3}(?:"{0,2}+(?:[^"\\]|\\.))*+"{3}|'{3}(?:'{0,2}+(?:[^'\\]|\\.))*+'{3}"""
    r"""|"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+'"""
    r"""|\#[^\n\r]*+|[?$]\w++|\\.|(?P<open>["'])""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")

#: Oxigraph's parser runs out of stack, and takes the process with it, somewhere between 1,000 and 5,000 brackets.
_DEEPEST = 200


def refuse(sparql: str) -> None:
    """Refuses what reaches the network, or kills the parser.

    Oxigraph has no switch for SERVICE, and its parser takes `SERVICESILENT<…>` and `1SERVICE<…>` for it, so wherever
    the letters stand outside of a string, an IRI, a comment or a variable, the query is refused: as it stands, and with
    its `\\u` escapes read, for SPARQL allows them anywhere.
    """
    for bare in (_OPAQUE.sub(_closed, sparql), _OPAQUE.sub(" ", _ESCAPE.sub(_character, sparql))):
        if "service" in bare.lower():
            raise QueryError("SERVICE would ask another server: ask this graph alone, and call no prefix or name so")
        if _depth(bare) > _DEEPEST:
            raise QueryError(f"the query nests more than {_DEEPEST} brackets: simplify it")


def _closed(opaque: re.Match[str]) -> str:
    """A blank in the place of what is opaque. Raises QueryError for a string without an end."""
    if opaque["open"]:
        raise QueryError("the query is not SPARQL: a string is not closed: end it with the quote that it begins with")
    return " "


_DECLARED = re.compile(r"\bPREFIX\s++(?P<prefix>[\w.-]*+)\s*+:\s*+<(?P<iri>[^<>\s]*+)>", re.IGNORECASE)
_FROM = re.compile(
    r"(?<![\w:.?$-])FROM(?![\w:.-])\s*+(?P<named>NAMED(?![\w:.-]))?\s*+"
    r"(?:<(?P<iri>[^<>\s]*+)>|(?P<prefix>[\w.-]*+):(?P<name>[\w./-]*+))?"
    rf"|(?:{_OPAQUE.pattern})",
    re.DOTALL | re.IGNORECASE,
)


def graphs(sparql: str, prefixes: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs that a query names by FROM, and by FROM NAMED. Raises QueryError where no graph follows."""
    found = tuple(_graphs(_ESCAPE.sub(_character, sparql), prefixes))
    return tuple(iri for named, iri in found if not named), tuple(iri for named, iri in found if named)


def _graphs(sparql: str, prefixes: Mapping[str, str]) -> Iterator[tuple[bool, str]]:
    known = {**prefixes, **{match["prefix"]: match["iri"] for match in _DECLARED.finditer(sparql)}}
    for match in _FROM.finditer(sparql):
        if match[0][:4].lower() != "from":
            continue
        if match["iri"] is None and match["prefix"] not in known:
            raise QueryError("no graph follows FROM: write FROM <IRI of a graph of this store>")
        yield match["named"] is not None, match["iri"] or known[match["prefix"]] + match["name"]


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else " "


def _depth(text: str) -> int:
    """How deep brackets nest; those that close too many count for nothing."""
    depth = deepest = 0
    for bracket in re.findall(r"[(\[{]|[)\]}]", text):
        depth = depth + 1 if bracket in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def told(error: str) -> str:
    """A syntax error of Oxigraph, "error at 3:18: expected …", for people."""
    match = re.match(r"error at (\d+):(\d+): (.*)", error, re.DOTALL)
    return (
        f"the query is not SPARQL: line {match[1]}, column {match[2]}: {match[3]}" if match else f"the query: {error}"
    )
