"""Which media type an Accept header likes best (RFC 9110, section 12.5.1). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def by_liking(accept: str, offered: Sequence[str], other_names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The media types on offer that are accepted, the best liked first; empty if all are."""
    if not accept or accept.strip() == "*/*":
        return ()
    found: dict[str, float] = {}
    for name, liking in _accepted(accept):
        for media in offered:
            if liking and _matches(name, media, other_names or {}):
                found[media] = max(liking, found.get(media, 0.0))
    return tuple(sorted(found, key=lambda media: (-found[media], offered.index(media)))) or ("none",)


def _matches(name: str, media: str, other_names: Mapping[str, str]) -> bool:
    return (
        name in ("*/*", media) or other_names.get(name) == media or (name[-2:] == "/*" and media.startswith(name[:-1]))
    )


def _accepted(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            yield name, min(1.0, float(quality))
        except ValueError:
            yield name, 1.0
