"""Why a request gets no answer, with the status that HTTP has for it."""

from __future__ import annotations

from kg.errors import QueryError


class RefusalError(QueryError):
    """A request that gets no answer: the status, why and what to do, and after how many seconds to try again."""

    def __init__(self, status: int, reason: str, retry: int = 0) -> None:
        super().__init__(status, reason, retry)
        self.status = status
        self.retry = retry
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class LateError(RefusalError):
    """The time limit ran out, and the process that worked at it was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            504, f"no answer within {seconds:g} seconds: ask for less (LIMIT, fewer patterns, one GRAPH), or narrow it"
        )
