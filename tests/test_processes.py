"""The processes behind a pool: their cores, what they import ahead, and that nothing outlives their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ntklab import _processes
from ntklab._executors import executor


def test_cores_are_counted():
    assert 1 <= _processes.cores() <= (os.cpu_count() or 1)


def threads(_):
    import numpy  # noqa: F401 - it reads the variable when it is imported

    return [os.environ[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")]


def test_workers_share_the_cores(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_processes, "cores", lambda: 7)
    with executor(workers=2) as pool:
        assert pool.submit(threads, 0).result() == ["3"] * 3
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    with executor(workers=2) as pool:
        assert pool.submit(threads, 0).result() == ["5", "3", "3"]


PARENT = """
import sys, time
from ntklab import _executors
sys.path.insert(0, {tests!r})
import test_processes
if __name__ == "__main__":
    with _executors.executor(workers=2, ahead={ahead!r}) as pool:
        print(*{{pool.submit(test_processes.leave_a_file, {folder!r}).result() for _ in range(4)}}, flush=True)
        [pool.submit(time.sleep, 60) for _ in range(4)]
        time.sleep(60)
"""


def leave_a_file(folder: str) -> int:
    """A process with something to tidy up."""
    path = Path(folder) / str(os.getpid())
    if not path.exists():
        path.touch()
        _processes.on_end(path.unlink)
    time.sleep(0.1)
    return os.getpid()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not to be had on Windows")
@pytest.mark.parametrize("ahead", ["", "imported_ahead"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent_and_tidy_up(tmp_path, how, ahead):
    folder, temporary = tmp_path / "left", tmp_path / "t"
    folder.mkdir()
    temporary.mkdir()
    script, tests = tmp_path / "parent.py", str(Path(__file__).parent)
    script.write_text(PARENT.format(tests=tests, folder=str(folder), ahead=ahead))
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": tests}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as parent:
        assert parent.stdout is not None
        workers = [int(word) for word in parent.stdout.readline().split()]
        assert workers
        assert len(list(folder.iterdir())) >= 1
        parent.send_signal(how)
        parent.wait(20)
    deadline = time.monotonic() + 10

    def left():
        return [p for p in workers if psutil.pid_exists(p)] + list(folder.iterdir()) + list(temporary.iterdir())

    while left() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left() == []


def forked_from(_):
    import imported_ahead

    return os.getpid(), os.getppid(), imported_ahead.SERVER


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes import for themselves")
def test_a_module_is_imported_once_for_all_workers(monkeypatch):
    from multiprocessing import forkserver

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    forkserver._forkserver._stop()  # another test's, with other modules
    try:
        with executor(workers=2, ahead="imported_ahead") as pool:
            seen = [pool.submit(forked_from, k) for k in range(6)]
            seen = {call.result() for call in seen}
        assert {(parent, server) for _, parent, server in seen} == {(forkserver._forkserver._forkserver_pid,) * 2}
        assert "NTKLAB_SERVER_FOLDER" not in os.environ
    finally:
        forkserver._forkserver._stop()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no server")
def test_a_server_tidies_up_after_a_parent_that_was_killed_before_it_could_look(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal\n"
        "from ntklab._processes import import_ahead\n"
        "if __name__ == '__main__':\n"
        "    import_ahead('imported_ahead', 1)\n"
        "    print(len(os.listdir(os.environ['TMPDIR'])), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "1\n")
    deadline = time.monotonic() + 10
    while list(temporary.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(temporary.iterdir()) == []
