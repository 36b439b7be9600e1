"""Where work runs: processes of this machine or a Dask cluster, behind ``concurrent.futures`` either way.

A process that dies costs nothing: :func:`results` gives its task to another one. A task that has ended two processes is
kept for last and runs alone, so that it can take nothing else with it.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from concurrent.futures import wait as wait_for
from typing import Any, TypeVar

from ntklab._course import UsageError

Key = TypeVar("Key")
CONNECT_SECONDS = 5.0
DEATHS = 2  # a task that so many processes did not survive runs alone, after all others


class TaskDied(Exception):
    """The process that ran a task ended, each time the task was tried."""


class ClusterLost(Exception):
    """The scheduler went away while tasks were running."""


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


@contextlib.contextmanager
def executor(
    workers: int | None = None, scheduler: str | None = None, *, connect_seconds: float | None = None
) -> Iterator[Executor]:
    """A pool to ``submit`` to: ``workers`` processes here (default: one per core), or the cluster at ``scheduler``.

    Tasks are functions of importable modules, with arguments that can be pickled. Leaving the context by an error or
    Ctrl-C drops what has not ended; a process whose parent is killed ends by itself.

    Args:
        workers: number of processes, at least 1; not together with ``scheduler``.
        scheduler: a Dask scheduler's address, such as ``tcp://host:8786``.
        connect_seconds: how long the scheduler may take to answer; None: five seconds.

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
    local = Processes(workers or cores())
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
    return DEATHS if type(error).__name__ == "KilledWorker" else 0  # Dask has tried it several times by then


class Processes(Executor):
    """Worker processes that stand alone: one that dies fails its own call (BrokenProcessPool) and is replaced.

    One ``ProcessPoolExecutor`` for all would give up every pending call when one process dies, and not say whose call
    it was.
    """

    def __init__(self, workers: int):
        self._threads = max(1, cores() // workers)
        self._lanes = ThreadPoolExecutor(workers, thread_name_prefix="ntklab-lane")
        self._own = threading.local()
        self._pools: set[ProcessPoolExecutor] = set()
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._lanes.submit(self._run, fn, args, kwargs)

    def _run(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        pool, call = self._submit(fn, args, kwargs)
        try:
            return call.result()
        except BrokenExecutor:
            self._give_up(pool)
            raise

    def _submit(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Future[Any]]:
        """Hand the call to this lane's process, a new one where there is none or where it died between two calls."""
        while True:
            with self._lock:
                if self._closed:
                    raise BrokenExecutor("the pool is closed")
                pool = getattr(self._own, "pool", None)
                if pool is None:
                    # spawn: a fork would copy locks that other threads hold
                    context = multiprocessing.get_context("spawn")
                    pool = self._own.pool = ProcessPoolExecutor(
                        1, mp_context=context, initializer=_begin, initargs=(self._threads,)
                    )
                    self._pools.add(pool)
                with contextlib.suppress(BrokenExecutor):
                    return pool, pool.submit(fn, *args, **kwargs)
            self._give_up(pool)

    def _give_up(self, pool: ProcessPoolExecutor) -> None:
        self._own.pool = None
        with self._lock:
            self._pools.discard(pool)
        pool.shutdown(wait=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes: after the calls that wait and run, or with ``cancel_futures`` at once."""
        if not cancel_futures:
            self._lanes.shutdown(wait=wait)
        with self._lock:
            self._closed = True
            pools, self._pools = list(self._pools), set()
        processes = [process for pool in pools for process in (pool._processes or {}).values()]
        if cancel_futures:
            self._lanes.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                with contextlib.suppress(OSError, ValueError):
                    process.terminate()
        for process in processes if cancel_futures and wait else []:
            process.join(10)
            if process.is_alive():
                process.kill()
        for pool in pools:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._lanes.shutdown(wait=wait)


_closers: list[Callable[[], None]] = []


def on_end(close: Callable[[], None]) -> None:
    """Have ``close`` called when this worker process ends: in its turn, because it is told to, or with its parent."""
    if not _closers:
        import atexit

        atexit.register(_close)
    _closers.append(close)


def _close() -> None:
    while _closers:
        with contextlib.suppress(Exception):
            _closers.pop()()


def _begin(threads: int) -> None:
    """What a worker process does first: Ctrl-C is its parent's business, and it does not outlive its parent.

    Its share of the cores is its number of threads, unless the user has set another: more would wait for one another.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(threads))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, _end)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: Any) -> None:
    parent.join()
    _end()


def _end(*_: Any) -> None:
    _close()
    os._exit(1)


@contextlib.contextmanager
def _cluster(address: str, seconds: float) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("a scheduler needs Dask: pip install 'ntklab[cluster]'") from None
    try:
        client = Client(address, timeout=seconds, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:  # TimeoutError is an OSError
        said = " ".join(str(problem).split())[:120] or type(problem).__name__
        raise UsageError(
            f"no Dask scheduler answers at {address} ({said}): start one with `dask scheduler`, or leave it out"
        ) from None
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close(timeout=5)
