"""Work spread over processes, in order, that survives the death of a process.

Python's own pool gives up when one of its processes is killed (BrokenProcessPool), and since its processes share one
pipe, one that is killed while it writes can hang it. Here a thread looks after each process over a pipe of their own:
a death is seen as the end of that pipe, and it is known what the dead process had in hand.

A batch that takes too long is given up: by an alarm in the process itself, which counts its own computing and so is the
same on a busy machine, or, where that is not heard, by ending the process.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from kg.errors import KGError

T = TypeVar("T")
R = TypeVar("R")

#: What is done with a batch: one result an item, in order.
Work = Callable[[Sequence[T]], Iterable[R]]

#: Items handed over at once: small batches are fastest for spaCy, and little is repeated when one goes wrong.
BATCH = 8
#: Seconds of computing for a batch, or for an item alone. An article of the greatest length takes half of that.
SECONDS = 10.0
#: Seconds after which a process that does not hear its alarm is ended.
_DEAF = 12 * SECONDS
#: Batches that a process does before a fresh one takes its place: models leak.
_SERVES = 500
#: After how many new objects Python looks for cycles among them, and how often at older ones.
_GARBAGE = 20_000, 20, 20
#: Batches under way for each process: in hand, done before its turn, or waiting. One long article stops nobody.
_AHEAD = 3


def rarely_look_for_garbage() -> None:
    """Spares a process that reads or stores much some 3 ms an article: what an article makes goes without a look for
    cycles, and a model and a lexicon are a million objects that live as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


@dataclass(frozen=True, slots=True)
class WorkerError:
    """In the place of a result: why there is none."""

    reason: str


def ordered_map(
    make: Callable[[], Work[T, R]], items: Iterable[T], workers: int = 1, batch: int = BATCH
) -> Generator[R | WorkerError, None, None]:
    """The results for the items, in their order, whatever the number of processes.

    `make` makes the work, once in each process, so it must be picklable where there are more than one. A batch that
    raises or kills its process is done again item by item, in a fresh process; an item that does so alone yields a
    WorkerError, and the rest goes on. Raises what `make` raises. Closing the generator ends the processes.
    """
    batches = _batches(iter(items), batch)
    return _here(make, batches) if workers <= 1 else _there(make, batches, workers)


def supervised(
    make: Callable[[], Work[T, R]], items: Iterable[T], workers: int = 1, batch: int = BATCH
) -> Generator[R | WorkerError, None, None]:
    """As `ordered_map`, but never in this process, which so outlives whatever an item does."""
    return _there(make, _batches(iter(items), batch), workers)


def _batches(items: Iterator[T], size: int) -> Iterator[tuple[T, ...]]:
    while batch := tuple(islice(items, size)):
        yield batch


# ------------------------------------------------------------------------------------------------------ in this process


def _here(make: Callable[[], Work[T, R]], batches: Iterable[tuple[T, ...]]) -> Generator[R | WorkerError, None, None]:
    # Made when there is something to do: where all is known, nobody waits for a model.
    work = cache(make)
    for batch in batches:
        yield from _one_by_one(lambda part: _attempt(work(), part), batch)


def _attempt(work: Work[T, R], batch: tuple[T, ...]) -> tuple[R, ...] | WorkerError:
    """The results of a batch, or why there are none: a model or a parser may raise anything on a strange text."""
    try:
        with _within(SECONDS):
            results = tuple(work(batch))
    except Exception as error:
        return WorkerError(f"{type(error).__name__}: {error}")
    if len(results) != len(batch):
        return WorkerError(f"{len(results)} results for {len(batch)} inputs")
    return results


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raises TimeoutError inside after so many seconds of computing, where the system has such an alarm; only a main
    thread hears it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError(f"took more than {seconds:g} s of computing to read")

    before = signal.signal(signal.SIGPROF, late)
    # Once more every second: what it raises may be swallowed where it is raised.
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _one_by_one(
    attempt: Callable[[tuple[T, ...]], tuple[R, ...] | WorkerError], batch: tuple[T, ...]
) -> Iterator[R | WorkerError]:
    """The results of a batch; where it fails as a whole, those of its items."""
    results = attempt(batch)
    if not isinstance(results, WorkerError):
        yield from results
    elif len(batch) == 1:
        yield results
    else:
        for item in batch:
            yield from _one_by_one(attempt, (item,))


# --------------------------------------------------------------------------------------------------- in other processes


def _there(
    make: Callable[[], Work[T, R]], batches: Iterator[tuple[T, ...]], workers: int
) -> Generator[R | WorkerError, None, None]:
    """So many batches under way that no process waits, and no more, so that memory is bounded: what is not yet asked
    for is not yet read."""
    with _Crew(make, workers) as crew:
        pending = deque(crew.submit(batch) for batch in islice(batches, _AHEAD * workers))
        while pending:
            yield from pending.popleft().result()
            pending.extend(crew.submit(batch) for batch in islice(batches, 1))


class _Crew(Generic[T, R]):
    """Threads, each of which hands batches to a process of its own and waits for what comes back."""

    def __init__(self, make: Callable[[], Work[T, R]], workers: int) -> None:
        self._make = make
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._processes: list[_Process] = []
        self._closed = False

    def __enter__(self) -> _Crew[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        """Kills the processes, so that the threads see the end of their pipes and end too."""
        with self._lock:
            self._closed = True
            for process in self._processes:
                process.kill()
        self._threads.shutdown(cancel_futures=True)

    def submit(self, batch: tuple[T, ...]) -> Future[tuple[R | WorkerError, ...]]:
        return self._threads.submit(self._run, batch)

    def _run(self, batch: tuple[T, ...]) -> tuple[R | WorkerError, ...]:
        return tuple(_one_by_one(self._attempt, batch))

    def _attempt(self, batch: tuple[T, ...]) -> tuple[R, ...] | WorkerError:
        """The results of a batch; an item that is alone when its process dies is tried once more, in a fresh one."""
        results = self._ask(batch)
        if results is None and len(batch) == 1:
            results = self._ask(batch)
        return WorkerError("the process that read it died, and so did a second one") if results is None else results

    def _ask(self, batch: tuple[T, ...]) -> tuple[R, ...] | WorkerError | None:
        """What this thread's process makes of a batch; None if it dies of it."""
        process = self._process()
        try:
            answer = process.ask(batch)
            if process.served >= _SERVES:
                self._bury(process)
            return answer
        except TimeoutError:
            self._bury(process)
            return WorkerError(f"took longer than {_DEAF:g} s to read")
        except (EOFError, OSError):
            self._bury(process)
            return None

    def _process(self) -> _Process:
        if getattr(self._own, "process", None) is None:
            with self._lock:
                if self._closed:
                    raise KGError("the work was given up")
                process = _Process(self._make)
                self._processes.append(process)
            process.wait()
            self._own.process = process
        own: _Process = self._own.process
        return own

    def _bury(self, process: _Process) -> None:
        self._own.process = None
        with self._lock:
            self._processes.remove(process)
            process.kill()


class _Process:
    """A process that makes its work once and then answers batch after batch."""

    def __init__(self, make: Callable[[], Any]) -> None:
        # Spawned, not forked: this process has threads, and a fork would copy locks that they hold.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(make, theirs), daemon=True)
        self._process.start()
        self.served = 0
        # Else the pipe would not end with the process.
        theirs.close()

    def wait(self) -> None:
        """Until the work is made. Raises what `make` raised, and KGError where the process died of it."""
        try:
            failure = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise KGError("a worker process died before it began: is there memory for so many workers?") from error
        if failure is not None:
            raise failure

    def ask(self, batch: tuple[Any, ...]) -> tuple[Any, ...] | WorkerError:
        """What is made of a batch. Raises TimeoutError where the process is deaf, else OSError or EOFError where it
        dies of it."""
        self.served += 1
        self._pipe.send(batch)
        if not self._pipe.poll(_DEAF):
            raise TimeoutError
        answer: tuple[Any, ...] | WorkerError = self._pipe.recv()
        return answer

    def kill(self) -> None:
        self._process.kill()
        self._process.join()


def _serve(make: Callable[[], Work[Any, Any]], pipe: Connection) -> None:
    """The life of a process: it ends with its pipe, so none outlives the one that started it."""
    # Control-C reaches every process of a terminal; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        work = make()
    except Exception as error:
        pipe.send(error if isinstance(error, KGError) else KGError(f"{type(error).__name__}: {error}"))
        return
    pipe.send(None)
    while True:
        try:
            batch = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(_attempt(work, batch))
        except OSError:
            # Whoever asked has ended.
            return
