"""Work over processes: the same results in the same order, whatever raises or dies on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from kg import workers
from kg.errors import KGError
from kg.workers import BATCH, WorkerError, ordered_map

Doubling = Callable[[Sequence[int]], Iterable[int]]

# What the processes do; they import this module, so all of it stands at the top.


def doubling() -> Doubling:
    return _double


def _double(batch: Sequence[int]) -> tuple[int, ...]:
    return tuple(2 * item for item in batch)


def slow_at_first() -> Doubling:
    return _slow_at_first


def _slow_at_first(batch: Sequence[int]) -> tuple[int, ...]:
    time.sleep(0.5 if 0 in batch else 0)
    return _double(batch)


def raising() -> Doubling:
    return _raise_on_seven


def _raise_on_seven(batch: Sequence[int]) -> Iterator[int]:
    for item in batch:
        if item == 7:
            raise ValueError("seven")
        yield 2 * item


def deadly() -> Doubling:
    return _die_of_seven


def _die_of_seven(batch: Sequence[int]) -> tuple[int, ...]:
    if 7 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return _double(batch)


def deadly_once(mark: Path) -> Doubling:
    return partial(_die_once, mark)


def _die_once(mark: Path, batch: Sequence[int]) -> tuple[int, ...]:
    if 7 in batch and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _double(batch)


def short() -> Doubling:
    return _first_only


def _first_only(batch: Sequence[int]) -> tuple[int, ...]:
    return tuple(batch[:1])


def _compute_on_seven(batch: Sequence[int]) -> tuple[int, ...]:
    while 7 in batch:
        pass
    return _double(batch)


def deaf() -> Doubling:
    return _sleep_on_seven


def _sleep_on_seven(batch: Sequence[int]) -> tuple[int, ...]:
    """Sleeping is no computing: the alarm does not go."""
    time.sleep(60 if 7 in batch else 0)
    return _double(batch)


def telling() -> Doubling:
    return _tell_process


def _tell_process(batch: Sequence[int]) -> tuple[int, ...]:
    return tuple(os.getpid() for _ in batch)


def quick(seconds: float) -> Doubling:
    """The work of an impatient process: `SECONDS` is its own there."""
    workers.SECONDS = seconds
    return _compute_on_seven


def missing() -> Doubling:
    raise KGError("no such model")


def stillborn() -> Doubling:
    os._exit(1)


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order(count: int) -> None:
    assert list(ordered_map(slow_at_first, range(20), count, batch=3)) == [2 * item for item in range(20)]


@pytest.mark.parametrize("count", [1, 2])
def test_nothing_in_nothing_out(count: int) -> None:
    assert list(ordered_map(doubling, [], count)) == []


@pytest.mark.parametrize("count", [1, 2])
def test_an_item_that_raises_costs_only_itself(count: int) -> None:
    results = list(ordered_map(raising, range(20), count))
    assert results[7] == WorkerError("ValueError: seven")
    assert [result for result in results if not isinstance(result, WorkerError)] == [2 * i for i in range(20) if i != 7]


def test_an_item_that_kills_its_process_costs_only_itself() -> None:
    results = list(ordered_map(deadly, range(30), 2, batch=4))
    assert isinstance(results[7], WorkerError)
    assert "died" in results[7].reason
    assert [result for result in results if not isinstance(result, WorkerError)] == [2 * i for i in range(30) if i != 7]


@pytest.mark.parametrize("batch", [1, 4])
def test_a_process_that_is_killed_costs_nothing(tmp_path: Path, batch: int) -> None:
    make = partial(deadly_once, tmp_path / "mark")
    assert list(ordered_map(make, range(20), 2, batch=batch)) == [2 * item for item in range(20)]
    assert (tmp_path / "mark").exists()


def test_fewer_results_than_items_are_no_results() -> None:
    assert list(ordered_map(short, [1], 1)) == [1]
    assert list(ordered_map(short, [1, 2], 1)) == [1, 2], "one by one they are right"


@pytest.mark.parametrize("count", [1, 2])
def test_an_item_that_computes_for_too_long_costs_only_itself(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SECONDS", workers.SECONDS)
    results = list(ordered_map(partial(quick, 0.5), range(20), count))
    assert results[7] == WorkerError("TimeoutError: took more than 0.5 s of computing to read")
    assert [result for result in results if not isinstance(result, WorkerError)] == [2 * i for i in range(20) if i != 7]


def test_a_process_that_does_not_hear_its_alarm_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_DEAF", 3.0)
    begin = time.monotonic()
    results = list(ordered_map(deaf, range(12), 2, batch=1))
    assert results[7] == WorkerError("took longer than 3 s to read")
    assert [result for result in results if not isinstance(result, WorkerError)] == [2 * i for i in range(12) if i != 7]
    assert time.monotonic() - begin < 30


def test_processes_are_replaced_by_fresh_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_SERVES", 2)
    pids = list(ordered_map(telling, range(10), 2, batch=1))
    assert len(set(pids)) >= 5
    monkeypatch.setattr(workers, "_SERVES", 500)
    assert len(set(ordered_map(telling, range(10), 2, batch=1))) <= 2


@pytest.mark.parametrize("count", [1, 2])
def test_what_cannot_be_made_is_said(count: int) -> None:
    with pytest.raises(KGError, match="no such model"):
        list(ordered_map(missing, [1], count))


@pytest.mark.parametrize("count", [1, 2])
def test_nothing_is_made_where_there_is_nothing_to_do(count: int) -> None:
    assert list(ordered_map(missing, [], count)) == []


def test_a_process_that_dies_before_it_begins_is_said() -> None:
    with pytest.raises(KGError, match="before it began"):
        list(ordered_map(stillborn, [1], 2))


def test_only_so_much_is_taken_up_at_once() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(1000):
            taken.append(item)
            yield item

    results = ordered_map(doubling, items(), 2)
    next(results)
    assert len(taken) <= 8 * BATCH
    results.close()


def test_no_process_is_left_behind() -> None:
    results = ordered_map(doubling, range(100), 2)
    assert next(results) == 0
    assert multiprocessing.active_children()
    results.close()
    assert not multiprocessing.active_children()
