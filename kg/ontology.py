"""Where the ontology lies: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from kg.errors import OntologyError

_PACKAGE = Path(__file__).resolve().parent

#: The wheel carries the folder inside the package (hatch `force-include`); a checkout has it beside the package. The
#: wheel's comes first: what lies beside an installed package is somebody else's.
_PLACES = (_PACKAGE / "ontology", _PACKAGE.parent / "ontology")


def path(*parts: str) -> Path:
    """The path of a file or folder of the ontology. Raises OntologyError where it is not there."""
    for place in _PLACES:
        if (place / "kg.ttl").is_file():
            return _existing(place.joinpath(*parts))
    looked = " and ".join(map(str, _PLACES))
    raise OntologyError(
        f"no ontology: kg.ttl is neither in {looked}; install kg again, or run it from a whole checkout"
    )


def _existing(found: Path) -> Path:
    if not found.exists():
        raise OntologyError(
            f"{found}: no such file in the ontology; install kg again, or restore it from the repository"
        )
    return found
