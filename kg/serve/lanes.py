"""Worker processes for what may take long or take its process with it: killed at a time limit, and replaced.

A query first gets a moment in the quick lane. What is not done by then is known as slow: it, and all of its kind, go
to the slow lane, so many heavy queries do not stand before a light one. Each lane lets only so many wait.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import resource
import signal
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg.errors import KGError
from kg.serve.refusal import LateError, RefusalError
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Job:
    """A function of the store at a path, and what else it takes."""

    function: Callable[..., Any]
    store: Path
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take: seconds, bytes of memory; how many may run, and wait, in the slow lane."""

    seconds: float = 10.0
    quick: float = 0.25
    memory: int = 3 * 1024**3
    workers: int = 2
    waiting: int = 6


# ------------------------------------------------------------------------------------------------------------ a process

#: Seconds that a process may take to begin with a job: to be forked, and to open the store.
_BEGIN = 30.0


class Worker:
    """A process that does one job after another."""

    def __init__(self, memory: int, nice: int, seconds: float) -> None:
        # Forked from a clean server that has imported all: this process has threads, and to import takes half a second.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", "kg.serve.work", "kg.serve.picture", "kg.serve.whole"])
        self._ending = threading.Lock()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_live, args=(theirs, memory, nice, seconds), daemon=True)
        self._process.start()
        theirs.close()

    def run(self, job: Job, seconds: float) -> Any:
        """What a job gives; its seconds count from when the store is open, for on a busy machine to begin takes longer
        than a light query. Raises what it raises; RefusalError where the process died of it."""
        try:
            self._pipe.send(job)
            begun = self._pipe.poll(_BEGIN) and self._pipe.recv() is None
            if not (begun and self._pipe.poll(seconds)):
                self.kill()
                raise LateError(seconds)
            failure, result = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.kill()
            raise RefusalError(
                500, "the query took more memory than it may, or broke its process: simplify it"
            ) from error
        if failure is not None:
            raise failure
        return result

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        """Ends it: whoever waits for it, and whoever closes the lane, may come at once."""
        with self._ending:
            if not self._pipe.closed:
                self._process.kill()
                self._process.join()
                self._pipe.close()


def _live(pipe: Connection, memory: int, nice: int, seconds: float) -> None:
    """The life of a process: it ends with its pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(nice)
    stores: dict[Path, Store] = {}
    while True:
        try:
            job: Job = pipe.recv()
        except EOFError:
            return
        _ration(seconds)
        failure, store = _attempted(partial(_opened, job.store, stores))
        pipe.send(None)
        pipe.send((failure, None) if failure else _attempted(partial(job.function, store, *job.arguments)))


def _ration(seconds: float) -> None:
    """Sees to it that the next job ends even if nobody is left to end it: the system does, by processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 2, resource.RLIM_INFINITY))


def _opened(path: Path, stores: dict[Path, Store]) -> Store:
    if path not in stores:
        stores.clear()
        stores[path] = Store(path, read_only=True)
    return stores[path]


def _attempted(call: Callable[[], Any]) -> tuple[Exception | None, Any]:
    """What a call raises, or what it gives."""
    try:
        return None, call()
    except KGError as error:
        return error, None
    except MemoryError:
        return RefusalError(500, "the query took more memory than it may: ask for less"), None
    except Exception as error:
        return RefusalError(500, f"the query failed: {type(error).__name__}: {error}"), None


# --------------------------------------------------------------------------------------------------------------- a lane


class Lane:
    """So many processes with one time limit, and a line of jobs of bounded length."""

    def __init__(self, workers: int, seconds: float, waiting: int, memory: int, nice: int = 0) -> None:
        self.seconds = seconds
        self._make: Callable[[], Worker] = partial(Worker, memory, nice, seconds)
        self._free = asyncio.Semaphore(workers)
        self._workers: list[Worker] = []
        self._all: set[Worker] = set()
        # Python's own threads are as many as there are cores: waiting for a query must not stop another from waiting.
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="lane")
        self._most, self._waiting = workers + waiting, 0

    async def run(self, job: Job, still: Callable[[], bool] = lambda: True) -> Any:
        """What a job gives; None if its turn comes and it is no longer wanted. Raises RefusalError if too many wait."""
        async with self._turn():
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._run, job) if still() else None

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= self._most:
            raise RefusalError(503, "many long queries are being worked on: try again soon", round(self.seconds) + 1)
        self._waiting += 1
        try:
            async with self._free:
                yield
        finally:
            self._waiting -= 1

    def _run(self, job: Job) -> Any:
        worker = self._taken()
        try:
            return worker.run(job, self.seconds)
        finally:
            if worker.is_alive:
                self._workers.append(worker)
            else:
                self._all.discard(worker)

    def _taken(self) -> Worker:
        try:
            return self._workers.pop()
        except IndexError:
            worker = self._make()
            self._all.add(worker)
            return worker

    def close(self) -> None:
        for worker in tuple(self._all):
            worker.kill()
        self._threads.shutdown(wait=False, cancel_futures=True)


#: So many results are kept of what takes long: one for each picture that somebody looks at.
_MOST_KEPT = 24


class Lanes:
    """The quick lane and the slow lane; one for what pages need of all articles, and one for pictures and the questions
    that are known: those of strangers do not stand before them."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self.seconds = limits.seconds
        self._quick = Lane(3, limits.quick, 64, limits.memory)
        self._slow = Lane(limits.workers, limits.seconds, limits.waiting, limits.memory, nice=10)
        self._long = Lane(1, 1800.0, 4, resource.RLIM_INFINITY, nice=10)
        self._drawing = Lane(2, 60.0, 32, resource.RLIM_INFINITY, nice=5)
        self._heavy: OrderedDict[str, float] = OrderedDict()
        self._kept: OrderedDict[tuple[Path, str, Any], asyncio.Task[Any]] = OrderedDict()
        self._before: dict[str, Any] = {}

    async def run(self, job: Job, text: str) -> Any:
        """What a query gives; `text` tells what kind it is of. Raises what it raises, and RefusalError."""
        kind = _kind(text)
        if kind not in self._heavy:
            try:
                if (found := await self._quick.run(job, lambda: kind not in self._heavy)) is not None:
                    return found
            except LateError:
                self._remember(kind)
        begun = time.monotonic()
        found = await self._slow.run(job)
        if time.monotonic() - begun < self._quick.seconds / 2:
            self._heavy.pop(kind, None)
        return found

    def _remember(self, kind: str) -> None:
        self._heavy[kind] = time.monotonic()
        while len(self._heavy) > 1_000:
            self._heavy.popitem(last=False)

    async def kept(self, job: Job, seconds: float) -> Any:
        """What a job gives, worked out once for each copy of the store; None if it takes longer than that."""
        task = self.begin(job)
        await asyncio.wait({task}, timeout=seconds)
        return task.result() if task.done() else None

    def before(self, job: Job) -> Any:
        """What a job without arguments gave for an older copy of the store; None if it gave nothing."""
        return self._before.get(job.function.__name__)

    def begin(self, job: Job) -> asyncio.Task[Any]:
        """Begins a job that `kept` will be asked for, unless it was begun already."""
        key = job.store, job.function.__name__, job.arguments
        if key not in self._kept or _failed(self._kept[key]):
            for old in [old for old in self._kept if old[0] != job.store]:
                self._retire(old)
            lane = self._drawing if job.arguments else self._long
            self._kept[key] = asyncio.create_task(lane.run(job))
            # Nobody may ask for it any more: then its failure is no news either.
            self._kept[key].add_done_callback(_failed)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]

    def _retire(self, old: tuple[Path, str, Any]) -> None:
        """Forgets what was kept for an older copy, but for what a page may show until the new is there."""
        task = self._kept.pop(old)
        if task.done() and not _failed(task) and not old[2]:
            self._before[old[1]] = task.result()

    def close(self) -> None:
        for lane in (self._quick, self._slow, self._long, self._drawing):
            lane.close()


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _kind(text: str) -> str:
    """A query without its numbers and strings: what others of its kind look like."""
    return " ".join(re.sub(r'"[^"\n]*"|\'[^\'\n]*\'|\d+', "", text).split())
