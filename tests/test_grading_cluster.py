"""The same class on a Dask cluster of two worker processes, one of which dies in the middle."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings

import classroom
import grading_lab
import psutil
import pytest
import synthetic_class
from class_runner import LIGHT
from grading_lab import LIMITS, NAME

from ntklab._course import find_lab
from ntklab._executors import ClusterLost, executor, results
from ntklab.cli import main
from ntklab.grading.batch import GradingStopped, grade_class
from ntklab.grading.gradebook import Course

distributed = pytest.importorskip("distributed", reason="the cluster extra is not installed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="grading a class needs Linux"),
    pytest.mark.filterwarnings("default"),  # Dask's own, when its workers die
]


@pytest.fixture
def cluster(monkeypatch):
    """Two worker processes of one thread, on this machine; a dead one is replaced."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as local:
            yield local


def own_process(_):
    time.sleep(0.2)
    return os.getpid()


def square(x):
    return x * x


def workers(address):
    with executor(scheduler=address) as pool:
        return sorted({pid for _, pid in results(pool, own_process, ((k, (k,)) for k in range(8)))})


def test_a_cluster_is_an_executor_like_any_other(cluster):
    with executor(scheduler=cluster.scheduler_address) as pool:
        assert dict(results(pool, square, ((k, (k,)) for k in range(20)))) == {k: k * k for k in range(20)}
    assert len(workers(cluster.scheduler_address)) == 2


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(cluster, invented, tmp_path, grader):
    grading_lab.write(tmp_path)
    synthetic_class.write(tmp_path / "in", invented.source, invented.student, 12, seed=3)
    outcomes = {}
    pids = workers(cluster.scheduler_address)
    for name in ("alone", "cluster"):
        course = Course(tmp_path / name, tmp_path / "source")
        course.folder.mkdir()
        (course.folder / ".secret_seed").write_text("3" * 64)
        killed = []

        def kill(done, *_, killed=killed, name=name):
            if name == "cluster" and done == 3:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        where = {"workers": 0} if name == "alone" else {"scheduler": cluster.scheduler_address}
        result = grade_class(
            find_lab(NAME, tmp_path), course, tmp_path / "in", limits=LIMITS, preload=LIGHT, progress=kill, **where
        )
        outcomes[name] = result.to_json(), classroom.everything(course.folder)
    assert killed
    assert not psutil.pid_exists(pids[0])
    assert classroom.differences(outcomes["cluster"][0], outcomes["alone"][0]) == []
    assert classroom.differences(outcomes["cluster"][1], outcomes["alone"][1]) == []


def test_a_scheduler_that_goes_away_stops_the_run_with_one_line(cluster, invented, tmp_path, grader):
    grading_lab.write(tmp_path)
    synthetic_class.write(tmp_path / "in", invented.source, invented.student, 12, seed=3)
    course = Course(tmp_path / "course", tmp_path / "source")

    def close(done, *_):
        if done == 2:
            cluster.close()

    settings = {"limits": LIMITS, "preload": LIGHT}
    with pytest.raises(GradingStopped, match=r"the Dask scheduler went away: start it again\. .*--resume"):
        grade_class(
            find_lab(NAME, tmp_path), course, tmp_path / "in", progress=close,
            scheduler=cluster.scheduler_address, **settings,
        )  # fmt: skip
    said = []
    result = grade_class(
        find_lab(NAME, tmp_path), course, tmp_path / "in", workers=0, resume=True, log=said.append, **settings
    )
    assert len(result.outcomes) == 12
    assert "going on: " in said[0]


def test_no_scheduler_is_one_line_and_exit_2(invented, tmp_path, monkeypatch, capsys):
    grading_lab.write(tmp_path)
    grading_lab.submit(tmp_path / "in", "ada", invented.solved)
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    monkeypatch.setattr("ntklab._executors.CONNECT_SECONDS", 1.0)
    started = time.monotonic()
    argv = ["grade", "lab98", "--submitted", str(tmp_path / "in"), "--scheduler", "tcp://127.0.0.1:9"]
    assert main(argv) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("ntklab: no Dask scheduler answers at tcp://127.0.0.1:9 (")
    assert time.monotonic() - started < 30


def test_a_lost_call_is_a_lost_cluster():
    from concurrent.futures import Future

    from ntklab._executors import _died

    gone: Future[object] = Future()
    gone.cancel()
    with pytest.raises(ClusterLost, match="the scheduler went away"):
        _died(gone)
