"""Worker processes of this machine: how they start, what they share, and how they end."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SERVER_FOLDER = "NTKLAB_SERVER_FOLDER"


def import_ahead(module: str, threads: int) -> bool:
    """Start a server that imports ``module``, beside whatever this process does next, and forks workers that have it.

    It holds no thread and no lock of this process's, serves all its pools, and ends with it. Its folder of sockets goes
    with this process, or with the server where this process was killed (see :func:`served`).

    Returns:
        Whether there is a server: on Linux only, elsewhere libraries may not be used after a fork.
    """
    if sys.platform != "linux":
        return False
    from multiprocessing import forkserver, util

    multiprocessing.get_context("forkserver").set_forkserver_preload([module])
    set_here = {SERVER_FOLDER: f"{os.getpid()} {util.get_temp_dir()}"}
    # libraries read their number of threads when they are imported
    set_here |= {name: str(threads) for name in _THREADS if name not in os.environ}
    os.environ.update(set_here)
    try:
        forkserver.ensure_running()
    finally:
        for name in set_here:
            del os.environ[name]
    return True


def served() -> None:
    """For the module that a server imports: have the server tidy up after a parent that was killed."""
    said, _, folder = os.environ.pop(SERVER_FOLDER, "").partition(" ")
    parent = int(said or 0)  # its own word: by now it may have been killed, and this process be another's child

    def tidy() -> None:
        deadline = time.monotonic() + 1
        while os.getppid() == parent:  # alive, or not quite gone yet
            if time.monotonic() > deadline:
                return
            time.sleep(0.01)
        shutil.rmtree(folder, ignore_errors=True)

    if folder:
        import atexit
        import shutil

        atexit.register(tidy)  # forked workers leave by os._exit: not theirs


class Processes(Executor):
    """Worker processes that stand alone: one that dies fails its own call (BrokenProcessPool) and is replaced.

    One ``ProcessPoolExecutor`` for all would give up every pending call when one process dies, and not say whose call
    it was. ``share`` makes something for each new process, which finds it by :func:`given`; it is closed here when the
    process has it. ``ahead`` is a module that all processes begin with (see :func:`import_ahead`).
    """

    def __init__(self, workers: int, share: Callable[[], Any] | None = None, ahead: str = ""):
        self._share = share or (lambda: None)
        self._threads = max(1, cores() // workers)
        # spawn: a fork of this process would copy locks that other threads hold
        served = bool(ahead) and import_ahead(ahead, self._threads)
        self._context = multiprocessing.get_context("forkserver" if served else "spawn")
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
                    pool = self._own.pool = ProcessPoolExecutor(
                        1, mp_context=self._context, initializer=_begin, initargs=(self._threads, share)
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
        from multiprocessing import util

        atexit.register(_close)
        util.Finalize(None, _close, exitpriority=0)  # a forked worker leaves by os._exit, after these
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
    for name in _THREADS:
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
