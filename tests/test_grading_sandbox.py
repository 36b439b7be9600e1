"""The sandbox by itself: its fences, machines that forbid some of them, and that it ends what it starts."""

from __future__ import annotations

import os
import platform
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import grading_lab
import hostile
import pytest

from ntklab.grading import bubblewrap, limits, sandbox, seccomp
from ntklab.grading.grader import Grader, library_copy
from ntklab.grading.limits import Group
from ntklab.grading.rebuild import rebuild
from ntklab.grading.sandbox import NestingRefused, Sandbox, SandboxUnavailable, State, Stopped
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


# --- other machines -------------------------------------------------------------------------------------------------


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
