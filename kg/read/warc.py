"""A web archive (WARC, as CC-NEWS is) to the pages in it: read as a stream, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from gzip import GzipFile
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from kg.read import formats, html
from kg.read.article import Article
from kg.read.part import Part, refused

_PAGES = ("text/html", "application/xhtml+xml")
#: What the parser of records raises on records that are none.
_BROKEN = (ArchiveLoadFailed, ValueError, OSError, EOFError, AttributeError, LookupError, TypeError)


def parts(path: Path, source: str) -> Iterator[Part]:
    """A page a part; what is no page is passed over, one that is cut off is refused. Raises ValueError where the rest
    of the archive cannot be read."""
    with path.open("rb") as file:
        stream = _Unpacked(fileobj=file) if path.name.lower().endswith(".gz") else file
        records = iter(ArchiveIterator(stream))
        while (record := _next(records)) is not None:
            page = _is_page(record)
            if page:
                yield _part(record, source, file.tell())
            _drain(record)
            if not page and (missing := _missing(record)):
                raise ValueError(f"the archive ends in the middle of a record: {missing:,} bytes are missing")


class _Unpacked(GzipFile):
    """A packed archive that says where it is cut off: warcio takes that for its end."""

    def read(self, size: int | None = -1) -> bytes:
        try:
            return self.read1(65_536 if size is None or size < 0 else size)
        except EOFError as error:
            raise OSError("packed bytes are missing at its end") from error


def _next(records: Iterator[Any]) -> Any:
    try:
        return next(records, None)
    except _BROKEN as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise ValueError(f"cut off or damaged, what comes before is read: {said}") from error


def _is_page(record: Any) -> bool:
    """Whether a record is a page that a server gave without complaint."""
    if record.rec_type not in ("response", "resource"):
        return False
    kind = (record.content_type or "") if record.http_headers is None else _header(record, "Content-Type")
    status = "200" if record.http_headers is None else record.http_headers.get_statuscode()
    return status == "200" and kind.partition(";")[0].strip().lower() in _PAGES


def _header(record: Any, name: str) -> str:
    return str(record.http_headers.get_header(name) or "")


def _part(record: Any, source: str, position: int) -> Part:
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>") or None
    place = f"{source}#{record.rec_headers.get_header('WARC-Record-ID') or url or position}"
    if reason := record.rec_headers.get_header("WARC-Truncated"):
        return refused(place, f"cut off by who fetched it ({reason}): fetch {url} again", position)
    return Part(place, partial(_article, record, place, url), position)


def _article(record: Any, place: str, url: str | None) -> Article:
    content = _content(record)
    kind = _header(record, "Content-Type") if record.http_headers is not None else record.content_type or ""
    charset = kind.partition("charset=")[2].partition(";")[0].strip("\"' ") or None
    return html.article(content, place, url, charset)


def _content(record: Any) -> bytes:
    try:
        content: bytes = record.content_stream().read(formats.LARGEST + 1)
    except _BROKEN as error:
        raise ValueError(f"cannot be unpacked: {' '.join(str(error).split())[:200]}") from error
    _drain(record)
    if len(content) > formats.LARGEST:
        raise ValueError(f"larger than {formats.LARGEST:,} bytes")
    if missing := _missing(record):
        raise ValueError(f"the archive ends in the middle of it: {missing:,} bytes are missing")
    return content


def _missing(record: Any) -> int:
    """How many bytes of a record that was read to its end are not there."""
    return int(getattr(record.raw_stream, "limit", 0))


def _drain(record: Any) -> None:
    try:
        while record.raw_stream.read(65_536):
            pass
    except _BROKEN as error:
        raise ValueError(f"cut off or damaged, what comes before is read: {error}") from error
