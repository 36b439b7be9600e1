"""States of a session: a fork that was not greeted answers as one that was, and can do all that a process can."""

from __future__ import annotations

import time

import pytest
from test_grading_sandbox import LINUX, cell

from ntklab.grading.boundary import decode
from ntklab.grading.sandbox import Stopped
from ntklab.grading.states import _NO_FORK

pytestmark = LINUX

# with one thread a state is forked past Python's own hooks: nothing that they mend may be missing
ABLE = """
import concurrent.futures, os, signal, subprocess, threading, time

def able(x):
    said = []
    thread = threading.Thread(target=lambda: said.append(x))
    thread.start()
    thread.join()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        said += pool.map(abs, [-2, 3])
    said.append(subprocess.run(["true"]).returncode)
    child = os.fork()
    if not child:
        os._exit(7)
    said.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    signal.signal(signal.SIGALRM, lambda *_: said.append("alarm"))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(0.1)
    said.append(threading.main_thread() is threading.current_thread())
    return said
"""
BUSY = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"


@pytest.fixture
def session(grader):
    with grader.sandbox.session() as session:
        yield session


def called(state, *args):
    """What the function ``able`` answers in a fork of its own."""
    fork = state.fork(greets=False)
    header, body = fork.call("able", args, {}, 20.0)
    assert fork.pid not in (0, state.pid)
    fork.end(wait=5.0)
    return decode(body) if header["op"] == "value" else header


@pytest.mark.parametrize("before", ["", BUSY], ids=["one thread", "another thread runs"])
def test_a_fork_can_use_threads_processes_and_signals(session, before):
    notebook = session.root.fork()
    assert notebook.run(before + ABLE, 20)["error"] is None
    for x in (1, 5):  # from the same state, twice
        assert called(notebook.fork(), x) == [x, 2, 3, 0, 7, "alarm", True]


def test_forks_begin_alike_and_see_nothing_of_each_other(session):
    notebook = session.root.fork()
    notebook.run("seen = []\n\ndef able(x):\n    seen.append(x)\n    return seen", 20)
    assert [called(notebook, x) for x in (1, 2, 3)] == [[1], [2], [3]]


def test_a_fork_that_cannot_be_made_says_so(session):
    notebook = session.root.fork()
    notebook.run("from ntklab.grading import forks\nforks.fork = lambda: None", 20)
    for pause in (0.0, 0.3):  # it is asked before, and after, it has said so and closed
        fork = notebook.fork(greets=False)
        time.sleep(pause)
        with pytest.raises(Stopped, match=_NO_FORK):
            fork.call("able", (1,), {}, 10.0)
    assert notebook.alive()


def test_a_fork_that_ends_unheard_says_so(session):
    notebook = session.root.fork()
    notebook.run("import os\n\ndef able(x):\n    os._exit(0)", 20)
    with pytest.raises(Stopped, match="it ended the process"):
        notebook.fork(greets=False).call("able", (1,), {}, 10.0)
    assert cell(session, "print(1)") == "1"


def test_a_fork_of_a_state_that_is_gone_says_so(session):
    notebook = session.root.fork()
    notebook.end(wait=5.0)
    with pytest.raises(Stopped, match=_NO_FORK):
        notebook.fork(greets=False)
