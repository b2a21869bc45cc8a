"""A language model behind an address that speaks as OpenAI's chat completions do: asked with patience, within limits.

The key is read from the environment for each request and goes into one header of it. It is no field of any value here,
so nothing can print or store it; what goes wrong is told in our own words, never in a server's, a library's or a
header's; an answer that repeats the key is dropped. Redirects are not followed, so the key goes where the user said.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from kg.errors import KGError
from kg.read.addresses import is_here
from kg.read.fetch import retry_after

#: Where the key is read from; without it none is sent, as local servers want none.
KEY = "KG_LLM_KEY"
#: Answers that another try may better: timeouts, conflicts, too many requests, and what a server breaks on.
_PASSING = frozenset((408, 409, 425, 429, *range(500, 600)))
#: Answers to a request with options that a server does not know.
_UNKNOWN_OPTION = (400, 422)
#: Seconds until a server has taken up a connection.
_CONNECT = 10.0
#: Letters in a key that is a secret; local servers are given words such as "none".
_SECRET = 12
#: Letters in a token, where a server does not count.
_LETTERS = 4


class EndpointError(Exception):
    """Why there is no answer, in words that hold nothing of the server's."""


class _PassingError(EndpointError):
    """What another try may better, at the earliest in so many seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Limits:
    """For one article: seconds with all tries, how many tries, tokens and bytes of the answer."""

    seconds: float = 45.0
    tries: int = 4
    answer_tokens: int = 4000
    answer_bytes: int = 1_000_000


class Purse:
    """What a run may spend, over all its processes: tokens, and time until some second since 1970."""

    def __init__(self, tokens: int, seconds: float) -> None:
        self._left = get_context("spawn").Value("q", tokens)
        self._until = time() + seconds

    def check(self) -> None:
        """Raises EndpointError where it is empty."""
        if self._left.value <= 0:
            raise EndpointError("the run's limit of tokens is reached")
        if time() >= self._until:
            raise EndpointError("the run's limit of time is reached")

    def spend(self, tokens: int) -> None:
        with self._left.get_lock():
            self._left.value -= tokens


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote, and how many tokens were read and written."""

    content: str
    read: int
    written: int


@dataclass(slots=True)
class Endpoint:
    """A model at an address (up to /v1, or to /chat/completions); `cache` is a folder of answers.

    Raises KGError for an address that is none. `counts` says what was done since it was last emptied.
    """

    url: str
    model: str
    purse: Purse
    limits: Limits = field(default_factory=Limits)
    cache: Path | None = None
    counts: dict[str, float] = field(default_factory=dict)
    #: How many of the ways to ask this server did not know.
    _refused: int = 0

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise KGError(f"--llm wants an address without a user, a password or a query: put a key into {KEY}")
        if _key() and parts.scheme == "http" and not is_here(str(parts.hostname)):
            raise KGError(f"{KEY} would go over http to {parts.hostname} for all to read: use https, or unset it")
        self.url = self.url.rstrip("/")
        self.url += "" if self.url.endswith("/chat/completions") else "/chat/completions"

    def ask(self, prompt: str, question: str, schema: Mapping[str, Any]) -> Answer:
        """What the model answers, from the cache if it has answered that before. Raises EndpointError with the reason
        why there is no answer: within the limits of time, and after some tries."""
        asked = {"model": self.model, "messages": [{"role": "system", "content": prompt},
                                                   {"role": "user", "content": question}]}  # fmt: skip
        place = self._place({**asked, "schema": schema})
        if place is not None and (known := _cached(place)) is not None:
            self._count("answers from the cache")
            return known
        answer = self._tried(asked, _ways(schema, self.limits.answer_tokens), monotonic() + self.limits.seconds)
        self._count("tokens in", answer.read)
        self._count("tokens out", answer.written)
        self.purse.spend(answer.read + answer.written)
        if place is not None:
            _keep(place, answer)
        return answer

    def _count(self, name: str, number: float = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def _place(self, asked: Mapping[str, Any]) -> Path | None:
        told = json.dumps([self.url, asked], sort_keys=True).encode()
        return None if self.cache is None else self.cache / f"{hashlib.sha256(told).hexdigest()}.json"

    def _tried(self, asked: Mapping[str, Any], ways: tuple[Mapping[str, Any], ...], until: float) -> Answer:
        """The answer to one of some tries; a way to ask that the server does not know counts as none."""
        failed = 0
        while True:
            self.purse.check()
            body = json.dumps({**asked, **ways[self._refused]}).encode()
            self._count("calls")
            try:
                return self._once(body, until)
            except _UnknownError as error:
                self._refused += 1
                if self._refused == len(ways):
                    self._refused = 0
                    raise EndpointError(str(error)) from None
            except _PassingError as error:
                failed += 1
                wait = max(error.wait, 0.5 * 2 ** (failed - 1))
                if failed == self.limits.tries or monotonic() + wait >= until:
                    tries = f"{failed} tries" if failed > 1 else "one try"
                    raise EndpointError(f"{error} ({tries})") from None
                self._count("retries")
                sleep(wait)

    def _once(self, body: bytes, until: float) -> Answer:
        key = _key()
        headers = [("Content-Type", "application/json"), ("Accept", "application/json"), ("User-Agent", "kg-news")]
        headers += [("Authorization", f"Bearer {key}")] if key else []
        status, wait, content = _post(self.url, headers, body, until, self.limits.answer_bytes)
        if status in _PASSING:
            raise _PassingError(f"the server answered {status}", wait)
        if status in _UNKNOWN_OPTION:
            raise _UnknownError(f"the server answered {status}: does it know the model {self.model!r}?")
        if status != 200:
            raise EndpointError(_refusal(status))
        answer = _answer(content, len(body))
        if len(key) >= _SECRET and key in answer.content:
            raise EndpointError("the answer repeats the key")
        return answer


def _parts(url: str) -> SplitResult:
    """The parts of an address. Raises KGError where it is none."""
    with suppress(ValueError):
        parts = urlsplit(url)
        plain = url.isascii() and url.isprintable() and " " not in url
        if plain and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    raise KGError(f"--llm wants an address such as http://localhost:11434/v1, not {url.rpartition('@')[2][:80]!r}")


class _UnknownError(EndpointError):
    """The server does not know an option of the request."""


def _ways(schema: Mapping[str, Any], tokens: int) -> tuple[Mapping[str, Any], ...]:
    """How to ask, the best first: with the schema, without it, without any option."""
    steady = {"temperature": 0, "seed": 0, "max_tokens": tokens}
    strict = {"name": "claims", "strict": True, "schema": schema}
    return (
        {**steady, "response_format": {"type": "json_schema", "json_schema": strict}},
        {**steady, "response_format": {"type": "json_object"}},
        steady,
        {},
    )


def _key() -> str:
    """The key, if there is one. Raises KGError for one that no header may hold."""
    key = os.environ.get(KEY, "").strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise KGError(f"{KEY} holds signs that no key has: set it anew")
    return key


def _refusal(status: int) -> str:
    if 300 <= status < 400:
        return f"the server answered {status}: redirects are not followed, for the key would follow them"
    hint = {
        401: f": is the key in {KEY} right?",
        403: f": may the key in {KEY} do this?",
        404: ": is the address right?",
    }
    return f"the server answered {status}{hint.get(status, '')}"


# -------------------------------------------------------------------------------------------------------- over the wire


def _post(url: str, headers: list[tuple[str, str]], body: bytes, until: float, most: int) -> tuple[int, float, bytes]:
    """Status, seconds to wait, and content of an answer. Raises EndpointError; never what a library says, which may
    hold headers."""
    try:
        with httpcore.ConnectionPool(max_connections=1) as pool:
            left = _left(until)
            timeouts = {"connect": min(left, _CONNECT), "read": left, "write": left, "pool": left}
            with pool.stream("POST", url, headers=headers, content=body, extensions={"timeout": timeouts}) as response:
                wait = next((value for name, value in response.headers if name.lower() == b"retry-after"), b"")
                content = b""
                for chunk in response.iter_stream():
                    content += chunk
                    _left(until)
                    if len(content) > most:
                        raise EndpointError(f"the answer is larger than {most:,} bytes")
                return response.status, float(retry_after(wait.decode("latin-1") or None) or 0), content
    except httpcore.TimeoutException:
        raise _PassingError("the server took too long") from None
    except httpcore.ConnectError:
        raise _PassingError("the server cannot be reached") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        raise _PassingError("the connection broke") from None
    except httpcore.UnsupportedProtocol:
        raise EndpointError("the address is none") from None


def _left(until: float) -> float:
    """Seconds that are left. Raises _PassingError where none are."""
    left = until - monotonic()
    if left <= 0:
        raise _PassingError("the server took too long")
    return left


def _answer(content: bytes, asked: int) -> Answer:
    """What an answer says. Raises EndpointError where it is none."""
    try:
        told = json.loads(content)
        text = told["choices"][0]["message"]["content"]
        usage = told.get("usage") or {}
        counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise EndpointError("the answer is none of a chat completion") from None
    if not isinstance(text, str):
        raise EndpointError("the answer is none of a chat completion")
    guesses = (asked // _LETTERS, len(text) // _LETTERS)
    read, written = (_tokens(count, guess) for count, guess in zip(counts, guesses, strict=True))
    return Answer(text, read, written)


def _tokens(count: object, guess: int) -> int:
    """What a server counts, where that can be; else a guess."""
    return count if type(count) is int and 0 < count < 10**9 else guess


# ---------------------------------------------------------------------------------------------------------------- cache


def _cached(place: Path) -> Answer | None:
    try:
        told = json.loads(place.read_bytes())
        return Answer(str(told["content"]), 0, 0)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _keep(place: Path, answer: Answer) -> None:
    """Writes an answer whole or not at all; a cache that cannot be written costs money and nothing else."""
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({"content": answer.content}), encoding="utf-8")
        beside.replace(place)
