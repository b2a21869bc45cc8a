"""Options of the commands that read: components of others, and a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.errors import KGError
from kg.workers import BATCH

With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME", help="A spaCy component that reads along: see docs/plugins.md. Repeatable."),
]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        envvar="KG_LLM",
        metavar="URL",
        help="A language model that proposes claims, none of them asserted: an address that speaks as OpenAI's. It is "
        "sent the articles; KG_LLM_KEY in the environment is its key. Its answers may differ from run to run.",
    ),
]
LlmModel = Annotated[str | None, typer.Option("--llm-model", envvar="KG_LLM_MODEL", help="Name of the model.")]
LlmLimit = Annotated[int | None, typer.Option("--llm-limit", min=1, help="Tokens that a run may spend.")]
LlmPrice = Annotated[
    str | None, typer.Option("--llm-price", metavar="IN,OUT", help="Price of a million tokens, for the summary.")
]
LlmCache = Annotated[
    Path | None, typer.Option("--llm-cache", help="Folder of answers: the same article is not asked again.")
]


@dataclass(frozen=True, slots=True)
class Extras:
    """Components that read along, and how many articles a reader is handed at once: a model has time for one."""

    components: tuple[Any, ...] = ()
    batch: int = BATCH
    price: tuple[float, float] | None = None


def extras(
    with_: Sequence[str] | None,
    llm: str | None,
    model: str | None,
    limit: int | None,
    price: str | None,
    cache: Path | None,
) -> Extras:
    """What the options ask for. Raises KGError where they do not go together."""
    named = tuple(with_ or ())
    if llm is None:
        if limit or price or cache:
            raise KGError("--llm-limit, --llm-price and --llm-cache say something of --llm URL: give that too")
        return Extras(named)
    if not model:
        raise KGError("--llm wants the name of a model: add --llm-model NAME")
    from kg.extract.endpoint import Endpoint
    from kg.extract.llm import Extractor, settings

    own = settings()
    endpoint = Endpoint(llm, model, own.purse(limit), own.limits, cache)
    return Extras((*named, Extractor(endpoint)), 1, _prices(price))


def _prices(price: str | None) -> tuple[float, float] | None:
    if price is None:
        return None
    try:
        read, written = (float(part) for part in price.split(","))
        if min(read, written) < 0:
            raise ValueError
    except ValueError:
        raise KGError(f"--llm-price wants two numbers, such as 0.15,0.60, not {price[:40]!r}") from None
    return read, written
