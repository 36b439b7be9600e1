"""Worker processes of this machine: how they start, what they share, and how they end."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


class Processes(Executor):
    """Worker processes that stand alone: one that dies fails its own call (BrokenProcessPool) and is replaced.

    One ``ProcessPoolExecutor`` for all would give up every pending call when one process dies, and not say whose call
    it was. ``share`` makes something for each new process, which finds it by :func:`given`; it is closed here when the
    process has it.
    """

    def __init__(self, workers: int, share: Callable[[], Any] | None = None):
        self._share = share or (lambda: None)
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
                pool, share = getattr(self._own, "pool", None), None
                if pool is None:
                    share = self._share()
                    # spawn: a fork would copy locks that other threads hold
                    context = multiprocessing.get_context("spawn")
                    pool = self._own.pool = ProcessPoolExecutor(
                        1, mp_context=context, initializer=_begin, initargs=(self._threads, share)
                    )
                    self._pools.add(pool)
                try:
                    return pool, pool.submit(fn, *args, **kwargs)  # the first call starts the process
                except BrokenExecutor:
                    pass
                finally:
                    if share is not None:
                        share.close()
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


_given: list[Any] = []


def given() -> Any:
    """What the pool's ``share`` made for this worker process, the first time; then, and elsewhere, None."""
    return _given.pop() if _given else None


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


def _begin(threads: int, share: Any) -> None:
    """What a worker process does first: Ctrl-C is its parent's business, and it does not outlive its parent.

    Its share of the cores is its number of threads, unless the user has set another: more would wait for one another.
    """
    _given.append(share)
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
