"""The sandbox on machines that forbid some of its fences: what it does instead, or how it refuses."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import grading_lab
import hostile
import pytest
from test_grading_sandbox import LINUX, cell, library, run

from ntklab.grading import bubblewrap, limits, sandbox
from ntklab.grading.grader import Grader
from ntklab.grading.sandbox import NestingRefused, Sandbox, SandboxUnavailable

__all__ = ["library"]  # a fixture


@pytest.fixture
def other(invented, grader):
    """A grader of its own, to be set up as another machine would."""
    with Grader(grading_lab.NAME, invented.source, grading_lab.SECRET, limits=grading_lab.LIMITS) as fresh:
        fresh.sandbox.preload = ("numpy", "ntklab.lab")
        fresh.solved = invented.solved
        yield fresh


def no_cgroups(monkeypatch):
    monkeypatch.setattr(limits, "writable_cgroups", dict)


DAEMON = (
    "import subprocess\nsubprocess.Popen(['sleep', '77'], start_new_session=True)\nopen('/tmp/left', 'w').write('x')\n"
)
RIGHT = "def doubled(x):\n    return 2 * np.asarray(x)"
SEEK = "import os\nassert not os.path.exists('/tmp/left')\n" + RIGHT


def test_without_nested_namespaces_every_submission_gets_its_own_worker(other):
    other.sandbox.nested = False
    assert run(other, DAEMON + RIGHT) == grading_lab.POINTS
    hostile.wait_for_no_children()
    assert run(other, SEEK) == grading_lab.POINTS
    assert run(other, "import os\ndef doubled(x):\n    os.kill(-1, 9)")["gram"] == 2


def test_a_kernel_that_refuses_nesting_is_remembered(other, monkeypatch):
    true, asked = Sandbox._session, []

    def refusing(self, warm):
        asked.append(self.nested)
        if self.nested:
            raise NestingRefused("unshare: Operation not permitted")
        return true(self, warm)

    monkeypatch.setattr(Sandbox, "_session", refusing)
    assert run(other, RIGHT) == grading_lab.POINTS
    assert run(other, RIGHT) == grading_lab.POINTS
    assert asked == [True, False, False]


def test_an_environment_below_tmp_stays_in_sight(other, monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        Path(folder, "mark").write_text("here")
        prefixes = [*bubblewrap.python_prefixes(), folder]
        for module in (bubblewrap, sandbox):
            monkeypatch.setattr(module, "python_prefixes", lambda: prefixes)
        with other.sandbox.session() as session:
            assert cell(session, f"print(open('{folder}/mark').read())") == "here"
            assert "Read-only" in cell(session, f"open('{folder}/mine', 'w')")
            assert cell(session, "open('/tmp/mine', 'w').write('x'); print(1)") == "1"


def test_an_installed_copy_of_the_library_is_covered(other, monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        installed = Path(folder, "lib", "python3.99", "site-packages", "ntklab")
        installed.mkdir(parents=True)
        (installed / "kernels.py").write_text("the solution")
        prefixes = [*bubblewrap.python_prefixes(), folder]
        for module in (bubblewrap, sandbox):
            monkeypatch.setattr(module, "python_prefixes", lambda: prefixes)
        assert str(installed) in bubblewrap.installed_copies()
        with other.sandbox.session() as session:
            assert cell(session, f"import os; print(os.listdir('{installed}'))") == "[]"
            assert "Read-only" in cell(session, f"open('{installed}/__init__.py', 'w')")


def test_a_dead_worker_is_replaced(other):
    assert run(other, RIGHT) == grading_lab.POINTS
    other.sandbox._process.kill()
    assert run(other, RIGHT) == grading_lab.POINTS
    other.sandbox._channel.close()  # one that no longer answers too
    assert run(other, RIGHT) == grading_lab.POINTS


@LINUX
def test_without_cgroups_a_watchdog_counts_memory(other, monkeypatch):
    no_cgroups(monkeypatch)
    assert run(other, RIGHT) == grading_lab.POINTS
    shared = "import mmap\ndef doubled(x):\n    hoard = []\n    while True:\n        piece = mmap.mmap(-1, 2**24)\n"
    shared += "        piece.write(b'x' * 2**24)\n        hoard.append(piece)\n"
    other.limits = replace(other.limits, call_seconds=10, exercise_seconds=20)
    points = run(other, shared)
    assert points == {**grading_lab.POINTS, "doubled": 0, "quadrupled": 0}


@LINUX
def test_the_watchdog_counts_shared_pages_once(grader, monkeypatch):
    no_cgroups(monkeypatch)
    tight = replace(grading_lab.LIMITS, memory_bytes=120 * 2**20)
    monkeypatch.setattr(grader.sandbox, "limits", tight)
    with grader.sandbox.session() as session:
        assert session.group.folders == []
        states = [session.root.fork()]
        states[0].run("hoard = b'x' * (60 * 2**20)", 10)
        for _ in range(15):  # sixteen states hold the same 60 MiB
            states.append(states[-1].fork())
        time.sleep(0.5)
        assert all(state.alive() for state in states)


def test_unfenced_runs_work_say_so_and_leave_no_folder(invented):
    with Grader(grading_lab.NAME, invented.source, b"x", limits=grading_lab.LIMITS, fenced=False) as bare:
        bare.sandbox.preload = ("numpy", "ntklab.lab")
        bare.solved = invented.solved
        assert run(bare, "import subprocess\nsubprocess.Popen(['sleep', '77'])\n" + RIGHT) == grading_lab.POINTS
        assert run(bare, "import os\ndef doubled(x):\n    os._exit(1)")["gram"] == 2
        hostile.wait_for_no_children()
        library = bare.sandbox.library
        assert os.listdir(library) == ["ntklab"]
    assert not library.exists()


def test_without_bubblewrap_grading_refuses(monkeypatch, library):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: None)
    with pytest.raises(SandboxUnavailable, match=r"bubblewrap is missing: pip install 'ntklab\[instructor\]'"):
        Sandbox(library).start()


def test_elsewhere_than_on_linux_grading_refuses(monkeypatch, library):
    monkeypatch.setattr(bubblewrap.sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailable, match=r"needs Linux \(on Windows: WSL2\)"):
        Sandbox(library).start()


def test_a_fence_that_does_not_stand_is_one_line(monkeypatch, library):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: "/bin/false")
    with pytest.raises(SandboxUnavailable, match=r"does not start: it ended without a word\. `ntklab doctor`"):
        Sandbox(library).start()
