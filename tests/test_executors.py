"""Pools of processes: a death costs nothing, and nothing outlives the pool."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from ntklab._course import UsageError
from ntklab._executors import ClusterLost, Processes, TaskDied, executor, results


def square(x):
    return x * x


def die_once(mark: str, x):
    """Kills its process the first time it is called with this file."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def die(x):
    if x < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def fail(x):
    raise ValueError(f"no answer for {x}")


def own_process(_):
    return os.getpid()


def test_every_task_is_answered_once():
    with executor(workers=2) as pool:
        answers = list(results(pool, square, ((k, (k,)) for k in range(30)), ahead=3))
    assert sorted(answers) == [(k, k * k) for k in range(30)]


def test_any_executor_will_do():
    with ThreadPoolExecutor(2) as pool:
        assert dict(results(pool, square, [("three", (3,))])) == {"three": 9}
        assert dict(results(pool, square, [])) == {}


def test_tasks_are_read_lazily():
    begun = []

    def tasks():
        for k in range(10):
            begun.append(k)
            yield k, (k,)

    with ThreadPoolExecutor(1) as pool:
        answers = results(pool, square, tasks(), ahead=2)
        next(answers)
        assert len(begun) <= 3
        list(answers)
    assert begun == list(range(10))


def test_processes_stay_for_the_next_task():
    with executor(workers=1) as pool:
        assert len({pid for _, pid in results(pool, own_process, ((k, (k,)) for k in range(4)))}) == 1


def test_a_death_costs_nothing(tmp_path):
    with executor(workers=2) as pool:
        tasks = [(k, (str(tmp_path / ("kills" if k == 3 else "there")), k)) for k in range(8)]
        (tmp_path / "there").touch()
        assert sorted(results(pool, die_once, tasks)) == [(k, k) for k in range(8)]
    assert (tmp_path / "kills").exists()


def test_a_task_that_no_process_survives_comes_last_and_takes_nothing_with_it():
    with executor(workers=2) as pool:
        answers = list(results(pool, die, [(k, (k,)) for k in (-1, 1, 2, -2, 3, 4)]))
    assert {key for key, answer in answers[-2:]} == {-1, -2}
    assert all(isinstance(answer, TaskDied) for _, answer in answers[-2:])
    assert sorted(answers[:-2]) == [(k, k) for k in (1, 2, 3, 4)]


def test_a_death_fails_its_own_call_only():
    with executor(workers=2) as pool:
        calls = [pool.submit(die, k) for k in (1, -1, 2, 3)]
        with pytest.raises(BrokenProcessPool, match="terminated abruptly"):
            calls[1].result()
        assert [calls[k].result() for k in (0, 2, 3)] == [1, 2, 3]


def test_a_process_that_dies_between_two_calls_is_replaced():
    with executor(workers=1) as pool:
        first = pool.submit(own_process, 0).result()
        os.kill(first, signal.SIGKILL)
        while psutil.pid_exists(first) and psutil.Process(first).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        time.sleep(0.3)  # the pool notices
        answers = list(results(pool, own_process, ((k, (k,)) for k in range(3))))
    assert len({pid for _, pid in answers} - {first}) == 1
    assert not any(isinstance(pid, TaskDied) for _, pid in answers)


def test_what_a_task_raises_is_raised():
    with executor(workers=1) as pool, pytest.raises(ValueError, match="no answer for 7"):
        list(results(pool, fail, [("a", (7,))]))


def test_leaving_early_ends_what_runs():
    before = set(psutil.Process().children(recursive=True))
    started = time.monotonic()
    slow = []

    def leave() -> None:
        with executor(workers=2) as pool:
            pool.submit(square, 1).result()
            slow.extend(pool.submit(time.sleep, 60) for _ in range(5))
            time.sleep(0.2)
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        leave()
    assert time.monotonic() - started < 20
    assert all(call.done() for call in slow)
    left = set(psutil.Process().children(recursive=True)) - before
    assert [p for p in left if "spawn_main" in " ".join(p.cmdline())] == []


def test_a_closed_pool_takes_nothing():
    pool = Processes(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(square, 1)


@pytest.mark.parametrize("workers", [0, -3])
def test_no_workers_no_pool(workers):
    with pytest.raises(UsageError, match=f"at least 1 worker; got {workers}"), executor(workers=workers):
        pass


def test_workers_and_a_scheduler_are_one_too_many():
    with pytest.raises(UsageError, match="not both"), executor(workers=2, scheduler="tcp://127.0.0.1:1"):
        pass


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'ntklab\[cluster\]'"), executor(scheduler="tcp://127.0.0.1:1"):
        pass


def test_a_scheduler_that_does_not_answer_is_one_line():
    pytest.importorskip("distributed", reason="the cluster extra is not installed")
    started = time.monotonic()
    with pytest.raises(
        UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 \(.*`dask scheduler`"
    ) as told:
        with executor(scheduler="tcp://127.0.0.1:9", connect_seconds=1.0):
            pass
    assert time.monotonic() - started < 10
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("address", ["nowhere", "tcp://", "http://127.0.0.1:9", "tcp://127.0.0.1:port"])
def test_what_is_no_address_is_one_line_and_leaves_nothing_to_close(address):
    distributed = pytest.importorskip("distributed", reason="the cluster extra is not installed")
    gc.disable()  # what is left over must not be gone by chance
    try:
        with (
            pytest.raises(UsageError, match="no Dask scheduler answers"),
            executor(scheduler=address, connect_seconds=1.0),
        ):
            pass
        clients = [thing for thing in gc.get_objects() if issubclass(type(thing), distributed.Client)]
        assert {client.status for client in clients} == {"closed"}
    finally:
        gc.enable()


def test_a_task_that_dask_has_lost_is_no_error_of_the_task():
    # as `distributed.cfexecutor` leaves a future whose scheduler went away while it was being passed on
    code = compile("def cascade(future, result):\n    typ, exc, tb = result\n", "cfexecutor.py", "exec")
    namespace = {"__name__": "distributed.cfexecutor"}
    exec(code, namespace)
    ours, theirs = Future(), Future()
    for future, raised_by in ((ours, lambda: int("a")), (theirs, lambda: namespace["cascade"](None, "text"))):
        try:
            raised_by()
        except ValueError as error:
            future.set_exception(error)
    with pytest.raises(ClusterLost):
        list(results(SimpleNamespace(submit=lambda function: theirs), None, [("a", ())]))
    with pytest.raises(ValueError, match="invalid literal"):
        list(results(SimpleNamespace(submit=lambda function: ours), None, [("a", ())]))
    with executor(workers=1) as pool, pytest.raises(ValueError, match="invalid literal"):
        list(results(pool, int, [("a", ("a",))]))
