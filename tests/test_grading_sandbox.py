"""The sandbox by itself: its fences, and that it ends what it starts."""

from __future__ import annotations

import os
import platform
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import grading_lab
import pytest

from ntklab.grading import limits, seccomp
from ntklab.grading.grader import library_copy
from ntklab.grading.limits import Group
from ntklab.grading.rebuild import rebuild
from ntklab.grading.sandbox import State, Stopped
from ntklab.grading.wire import Channel

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes need Linux")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    folder.chmod(0o755)
    for parent in folder.parents[:2]:
        parent.chmod(0o755)  # pytest's own are closed to the user nobody
    library_copy(grading_lab.NAME, folder)
    return folder


def cell(session, source: str) -> str:
    """What a cell prints or how it fails."""
    said = session.root.fork().run(source, 10)
    return "".join(o.get("text", "") for o in said["outputs"]).strip() or str(said["error"])


def run(grader, source) -> dict[str, float]:
    notebook = grading_lab.with_answers(grader.solved, doubled=source)
    outcome = grader.grade(rebuild(grader.master, [dict(c) for c in notebook.cells]))
    return {name: result.score for name, result in outcome.exercises.items()}


# --- fences ---------------------------------------------------------------------------------------------------------


def test_student_code_is_nobody_with_nothing(grader):
    with grader.sandbox.session() as session:
        said = cell(
            session, "import os; print(os.getuid() != 0 or os.geteuid() != 0, os.listdir('/proc'), os.getcwd())"
        )
        assert said == "True [] /tmp/work" or os.getuid() != 0
        assert cell(session, "import socket; socket.create_connection(('192.0.2.1', 9), 1)").count("unreachable") == 2
        assert "Read-only" in cell(session, "open('/opt/library/ntklab/x', 'w')") + cell(session, "open('/x', 'w')")
        assert cell(session, "import os; print(sorted(os.environ))").count("NTKLAB") == 0


def test_a_call_sees_the_library_without_test_or_course_files(grader):
    with grader.sandbox.session() as session:
        said = cell(session, "import ntklab; print(ntklab.__file__)")
        assert said == "/opt/library/ntklab/__init__.py"
        assert cell(session, "import os; print([p for p in os.listdir('/opt')])") in (
            "['tmp', 'library']",
            "['library', 'tmp']",
        )


def test_states_branch_and_do_not_see_each_other(grader):
    with grader.sandbox.session() as session:
        first = session.root.fork()
        first.run("x = 1", 5)
        second, third = first.fork(), first.fork()
        second.run("x = 2", 5)
        assert third.run("print(x)", 5)["outputs"] == [{"kind": "stdout", "text": "1\n"}]
        assert first.alive()
        second.end()
        with pytest.raises(Stopped, match="ended"):
            second.run("1", 5)


def test_a_state_that_hangs_is_stopped_in_time(grader):
    with grader.sandbox.session() as session:
        started = time.monotonic()
        with pytest.raises(Stopped, match=r"longer than 0\.3 seconds"):
            session.root.fork().run("while True: pass", 0.3)
        assert time.monotonic() - started < 5


@LINUX
def test_the_filter_covers_this_processor():
    assert seccomp.supported() or platform.machine() not in ("x86_64", "aarch64")
    for column, architecture in seccomp._ARCHITECTURES.values():
        program = seccomp._program(column, architecture)
        assert len(program) % 8 == 0
        assert len(program) // 8 < 4096  # the kernel's bound
        assert max(program[3::8]) <= 8  # no jump leads past the instruction meant
    numbers = [n for pair in seccomp._DENIED.values() for n in pair[:1]]
    assert len(set(numbers)) == len(numbers)


@LINUX
def test_the_filter_does_what_it_says(tmp_path):
    code = (
        "import ctypes, os, socket; from ntklab.grading import seccomp\n"
        "libc = ctypes.CDLL(None, use_errno=True); seccomp.deny(libc)\n"
        "def no(f):\n    try:\n        f()\n    except OSError as e:\n        return e.errno\n"
        "print(no(lambda: socket.socket(40, 1)), no(lambda: socket.socket(16, 3)), no(lambda: socket.socket(1, 1)))\n"
        "print(libc.unshare(0x10000000), ctypes.get_errno(), libc.ptrace(0, 0, 0, 0), ctypes.get_errno())\n"
        "import subprocess, threading; subprocess.run(['true'], check=True); threading.Thread(target=print).start()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split("\n")[:2] == ["97 97 None", "-1 1 -1 1"], done.stderr


# --- ends -----------------------------------------------------------------------------------------------------------


@LINUX
def test_a_killed_grader_takes_everything_with_it(library, tmp_path, grader):
    code = (
        "import sys, time; from pathlib import Path; from ntklab.grading.sandbox import Sandbox\n"
        f"box = Sandbox(Path({str(library)!r}), preload=('numpy',)); box.start(); session = box.session()\n"
        "state = session.root.fork()\n"
        'state.run(\'import subprocess; subprocess.Popen(["sleep", "78"], start_new_session=True)\', 10)\n'
        "print('ready', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    import psutil

    family = psutil.Process(process.pid).children(recursive=True)
    assert any(p.name() == "sleep" for p in family)
    groups = list(Path("/sys/fs/cgroup").glob(f"*/ntklab-{process.pid}-*"))
    assert groups or not limits.writable_cgroups()
    process.kill()
    process.wait()
    process.stdout.close()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    if limits.writable_cgroups():
        with subprocess.Popen(["sleep", "60"]) as idle:
            Group(grading_lab.LIMITS, idle.pid).close()  # the next grader sweeps up (one beside us may have)
        assert not [folder for folder in groups if folder.exists()]


@LINUX
def test_a_process_outside_the_session_is_never_signalled(grader):
    # a greeting can name a process that has ended since: its number may be anybody's by now
    victim = subprocess.Popen(["sleep", "60"])
    with grader.sandbox.session() as session:
        here, there = Channel.pair()
        there.sendall(struct.pack("<IQ", 2, 0) + b"{}")
        here._first = lambda deadline, first=here._first: (first(deadline), setattr(here, "peer_pid", victim.pid))[0]
        state = State(here, session.root.namespace)
        assert state._receive(5) == ({}, b"")
        assert state.pid == victim.pid
        assert state.pidfd is None
        state.end()
        there.close()
    assert victim.poll() is None
    victim.kill()
    victim.wait()


SPIN = """
import os, time
children = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            pass
        os._exit(0)
    children.append(pid)
used = [os.wait4(pid, 0)[2] for pid in children]
print(sum(u.ru_utime + u.ru_stime for u in used))
"""


def test_many_processes_share_the_cores_of_one_submission(grader, monkeypatch):
    if "cpu" not in limits.writable_cgroups():
        pytest.skip("no cgroup for CPU is writable on this machine")

    def seconds(cores):
        monkeypatch.setattr(grader.sandbox, "limits", replace(grading_lab.LIMITS, cores=cores))
        with grader.sandbox.session() as session:
            said = session.root.fork().run(SPIN, 20)
            return float(said["outputs"][0]["text"])

    # a twentieth of a core for 1.5 s, and one period of 0.1 s more; without a cap even a busy machine gives more
    assert seconds(0.05) < 0.05 * 1.5 + 0.1 < seconds(8.0)
