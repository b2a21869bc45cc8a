"""Foreign bytes read in a process of their own (`kg.read.cell`), which may die of them.

A process is started when it is first needed and serves one input after another. When it dies, the part that it was
reading is skipped with the reason, and a fresh one goes on behind it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing import Pipe
from typing import Any

from kg.errors import KGError
from kg.read.limits import LIMITS, Limits

#: What a process says in one go; the largest article is a fifth of it.
_LONGEST_REPLY = 8_000_000
#: Requests that one process answers; parsers leak.
_SERVES = 2_000
#: Deaths in one file; one that kills more is no archive of articles.
_PATIENCE = 20
#: The replies that end a part.
_ENDS = ("article", "error", "refused", "unchanged")

Reply = list[Any]


def replies(request: Mapping[str, Any], limits: Limits = LIMITS) -> Iterator[Reply]:
    """What is found for a request, as `kg.read.cell` says it; what kills a process becomes an error."""
    skip = deaths = 0
    stuck = -1
    while True:
        begun: Reply | None = None
        try:
            for reply in _served({**request, "skip": skip}, limits):
                begun = reply if reply[0] == "begin" else begun
                if reply[0] in _ENDS and begun is not None:
                    begun, skip = None, skip + 1
                yield reply
            return
        except _DeathError as death:
            deaths += 1
            # Between two parts a death may be a chance; one at the same place again, or for want of time, is none.
            over = request["kind"] != "file" or (begun is None and (death.late or stuck == skip))
            if over or begun is not None:
                yield ["error", request["source"] if begun is None else begun[1], death.reason]
            if over:
                return
            if deaths == _PATIENCE:
                yield ["error", request["source"], f"the rest was not read, since {deaths} parts of it could not be"]
                return
            skip += begun is not None
            stuck = skip


def _served(request: Mapping[str, Any], limits: Limits) -> Iterator[Reply]:
    """The replies of one process; it is kept for the next request if it lives through this one to the end."""
    process = _taken(limits)
    done = False
    try:
        yield from process.ask(request)
        done = True
    finally:
        _put(process) if done else process.end()


class _DeathError(Exception):
    """A process ended before its answer did."""

    def __init__(self, reason: str, late: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.late = late


class _Process:
    """A process, and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.served = 0
        self._pipe, theirs = Pipe()
        # Not by multiprocessing, which would run the caller's main script again; with the caller's path, so that a
        # folder of articles in which somebody runs kg gives it no modules.
        main = f"main({limits.seconds}, {limits.memory}, {theirs.fileno()})"
        begin = f"import sys; sys.path[:] = {sys.path!r}; from kg.read.cell import main; {main}"
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-P", "-c", begin],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
        )
        # Else the pipe would not end with the process.
        theirs.close()
        if not self._begun():
            self.end()
            raise KGError("the process that reads foreign files could not begin: is there memory for it?")

    @property
    def pid(self) -> int:
        return self._process.pid

    def _begun(self) -> bool:
        try:
            return bool(self._hear() == ["ready"])
        except _DeathError:
            return False

    def ask(self, request: Mapping[str, Any]) -> Iterator[Reply]:
        """The replies to a request. Raises _DeathError with the reason."""
        self.served += 1
        try:
            self._pipe.send_bytes(json.dumps(request).encode("ascii"))
        except OSError:
            raise self._death() from None
        while (reply := self._hear())[0] != "end":
            yield reply

    def _hear(self) -> Reply:
        try:
            reply: Reply = json.loads(self._pipe.recv_bytes(_LONGEST_REPLY))
        except (EOFError, OSError, ValueError):
            raise self._death() from None
        return reply

    def _death(self) -> _DeathError:
        """Why it died: the alarm is ours, the rest is what the parser did."""
        with suppress(subprocess.TimeoutExpired):
            if self._process.wait(5) == -signal.SIGALRM:
                return _DeathError(f"took longer than {self.limits.seconds} s to read", late=True)
        return _DeathError("the process that read it died of it", late=False)

    def end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.wait()


# ------------------------------------------------------------------------------------------------ processes that wait

_idle: deque[_Process] = deque()
# The pipes of this process are no other's.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)


def _taken(limits: Limits) -> _Process:
    """A process that waits, or a new one."""
    with suppress(IndexError):
        process = _idle.popleft()
        if process.limits == limits and process.served < _SERVES:
            return process
        process.end()
    return _Process(limits)


def _put(process: _Process) -> None:
    _idle.append(process)
    while len(_idle) > 2:
        _idle.popleft().end()
