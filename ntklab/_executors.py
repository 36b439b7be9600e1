"""Where work runs: processes of this machine or a Dask cluster, behind ``concurrent.futures`` either way.

A process that dies costs nothing: :func:`results` gives its task to another one. A task that has ended two processes is
kept for last and runs alone, so that it can take nothing else with it.
"""

from __future__ import annotations

import contextlib
import itertools
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future
from concurrent.futures import wait as wait_for
from typing import Any, TypeVar

from ntklab._course import UsageError
from ntklab._processes import Processes, cores

Key = TypeVar("Key")
CONNECT_SECONDS = 5.0
DEATHS = 2  # a task that so many processes did not survive runs alone, after all others


class TaskDied(Exception):
    """The process that ran a task ended, each time the task was tried."""


class ClusterLost(Exception):
    """The scheduler went away while tasks were running."""


@contextlib.contextmanager
def executor(
    workers: int | None = None,
    scheduler: str | None = None,
    *,
    connect_seconds: float | None = None,
    share: Callable[[], Any] | None = None,
    ahead: str = "",
) -> Iterator[Executor]:
    """A pool to ``submit`` to: ``workers`` processes here (default: one per core), or the cluster at ``scheduler``.

    Tasks are functions of importable modules, with arguments that can be pickled. Leaving the context by an error or
    Ctrl-C drops what has not ended; a process whose parent is killed ends by itself.

    Args:
        workers: number of processes, at least 1; not together with ``scheduler``.
        scheduler: a Dask scheduler's address, such as ``tcp://host:8786``.
        connect_seconds: how long the scheduler may take to answer; None: five seconds.
        share, ahead: what makes something for each new process of this machine, and a module that all of them begin
            with (see ``_processes.Processes``).

    Raises:
        UsageError: ``workers`` < 1, both are given, Dask is not installed, or no scheduler answers.

    >>> with executor(workers=1) as pool:
    ...     pool.submit(pow, 2, 10).result()
    1024
    """
    if workers is not None and workers < 1:
        raise UsageError(f"there must be at least 1 worker; got {workers}")
    if scheduler is not None:
        if workers is not None:
            raise UsageError("a scheduler has its own workers: give their number or a scheduler, not both")
        with _cluster(scheduler, CONNECT_SECONDS if connect_seconds is None else connect_seconds) as pool:
            yield pool
        return
    local = Processes(workers or cores(), share, ahead)
    try:
        yield local
    except BaseException:
        local.shutdown(cancel_futures=True)
        raise
    local.shutdown()


def results(
    pool: Executor, function: Callable[..., Any], tasks: Iterable[tuple[Key, tuple[Any, ...]]], ahead: int = 64
) -> Iterator[tuple[Key, Any]]:
    """``(key, function(*arguments))`` for every ``(key, arguments)`` of ``tasks``, in the order in which they end.

    Args:
        pool: any ``concurrent.futures`` executor.
        tasks: read lazily, at most ``ahead`` of them wait or run at a time.

    Yields:
        The answer; or :class:`TaskDied` in its place, where no process survived the task.

    Raises:
        ClusterLost: the cluster's scheduler went away.
        Exception: what ``function`` raises.

    >>> with executor(workers=1) as pool:
    ...     sorted(results(pool, pow, [("a", (2, 3)), ("b", (5, 2))]))
    [('a', 8), ('b', 25)]
    """
    source, deaths = iter(tasks), Counter[Key]()
    running: dict[Future[Any], tuple[Key, tuple[Any, ...]]] = {}
    last: list[tuple[Key, tuple[Any, ...]]] = []
    while True:
        for key, arguments in itertools.islice(source, max(0, ahead - len(running))):
            running[pool.submit(function, *arguments)] = key, arguments
        if not running:
            break
        for future in wait_for(running, return_when=FIRST_COMPLETED).done:
            key, arguments = running.pop(future)
            died = _died(future)
            if not died:
                yield key, future.result()
                continue
            deaths[key] += died
            if deaths[key] < DEATHS:
                running[pool.submit(function, *arguments)] = key, arguments
            else:
                last.append((key, arguments))
    for key, arguments in last:
        future = pool.submit(function, *arguments)
        wait_for([future])
        yield key, TaskDied("no process survived it") if _died(future) else future.result()


def _died(future: Future[Any]) -> int:
    """How many processes ended under this call, at least."""
    try:
        error = future.exception()
    except CancelledError:
        raise ClusterLost("the scheduler went away") from None
    if isinstance(error, BrokenExecutor):
        return 1
    if isinstance(error, ValueError) and _raised_in(error) == "distributed.cfexecutor":
        raise ClusterLost("the scheduler went away") from None  # it stumbles over a task that it has lost
    return DEATHS if type(error).__name__ == "KilledWorker" else 0  # Dask has tried it several times by then


def _raised_in(error: BaseException) -> str:
    """The module whose code raised it; "" where that was in another process."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return str(frames[-1].f_globals.get("__name__")) if frames else ""


@contextlib.contextmanager
def _cluster(address: str, seconds: float) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("a scheduler needs Dask: pip install 'ntklab[cluster]'") from None

    class Closing(Client):
        """One that fails to connect closes at once, not when it is garbage: that can be in the next one's thread, which
        would then wait for the lock that the next one holds until its thread has begun."""

        def __init__(self) -> None:
            try:
                super().__init__(address, timeout=seconds, set_as_default=False)
            except BaseException:
                with contextlib.suppress(Exception):
                    self.close(timeout=seconds)
                raise

    try:
        client = Closing()
    except (OSError, ValueError, TypeError) as problem:  # TimeoutError is an OSError
        said = " ".join(str(problem).split())[:120] or type(problem).__name__
        raise UsageError(
            f"no Dask scheduler answers at {address} ({said}): start one with `dask scheduler`, or leave it out"
        ) from None
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close(timeout=5)
