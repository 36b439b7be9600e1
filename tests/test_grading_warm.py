"""What graders share: one warm sandbox with a lane for each of them, and modules that are there before a cell runs."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import grading_lab
import psutil
import pytest
from test_grading_sandbox import LINUX, cell, library

from ntklab.authoring.errors import AuthoringError
from ntklab.grading import preload
from ntklab.grading.sandbox import Sandbox
from ntklab.grading.warm import Warm

__all__ = ["library"]  # a fixture
LIGHT = ("numpy", "ntklab.lab")
pytestmark = LINUX


@pytest.fixture
def shared(library):
    """A worker's owner, and two graders' ways into it, opened before it was launched."""
    with Sandbox(library, preload=LIGHT) as owner:
        lanes = [owner.open_lane() for _ in range(2)]
        owner.launch()
        with (
            Sandbox(library, preload=LIGHT, lane=lanes[0]) as one,
            Sandbox(library, preload=LIGHT, lane=lanes[1]) as two,
        ):
            yield SimpleNamespace(owner=owner, one=one, two=two)


def test_two_graders_use_one_worker_and_see_nothing_of_each_other(shared):
    with shared.one.session() as here, shared.two.session() as there:
        assert shared.one._process is shared.two._process is None
        cell(here, "import numpy; numpy.mine = 1; open('/tmp/mine', 'w').write('x')")
        assert cell(here, "import os; print(os.listdir('/tmp'))").count("mine") == 1
        assert cell(there, "import os; print(os.listdir('/tmp'))").count("mine") == 0
        assert cell(there, "import numpy; print(hasattr(numpy, 'mine'))") == "False"
        theirs = os.stat(f"/proc/{there.root.pid}/ns/pid").st_ino, os.stat(f"/proc/{here.root.pid}/ns/pid").st_ino
        assert theirs[0] != theirs[1]
        # whoever ends all that it can see ends its own session, and the other answers as before
        here.root.fork().channel.send({"op": "cell", "source": "import os; os.kill(-1, 9)", "figures": False})
        assert cell(there, "print(2 + 2)") == "4"


def test_a_lane_that_is_opened_later_works_too(shared, library):
    with Sandbox(library, preload=LIGHT, lane=shared.owner.open_lane()) as late, late.session() as session:
        assert cell(session, "print(1)") == "1"


def test_whoever_finds_no_worker_starts_one(shared):
    with shared.one.session() as session:
        assert cell(session, "print(1)") == "1"
    shared.owner.close()
    for box in (shared.one, shared.two):  # one had a lane in use, the other finds it dead
        with box.session() as session:
            assert cell(session, "print(1)") == "1"
        assert box._process is not None


def test_a_grader_that_leaves_takes_only_its_own_sessions_along(shared):
    with shared.two.session() as there:
        gone = shared.one.session()
        pid = gone.root.pid
        gone.root.channel.close()  # as the kernel does for a grader that is killed
        shared.one.close()
        deadline = time.monotonic() + 10
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert cell(there, "print(3)") == "3"
    if gone.group is not None:
        gone.group.close()  # of a grader that was killed the next one would sweep them up


def test_a_session_imports_what_its_submission_names_once(shared):
    with shared.one.session(("sched", "no_such_module")) as session:
        assert (
            cell(session, "import sys; print('sched' in sys.modules, 'no_such_module' in sys.modules)") == "True False"
        )
    with shared.two.session() as session:
        assert cell(session, "import sys; print('sched' in sys.modules)") == "False"


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("from scipy.special import erf", "scipy.special"),
        ("torch.func.vmap(torch.func.grad(f))", "torch._dynamo"),
        ("jac = jacrev(f)", "torch._dynamo"),
        ("np.testing.assert_allclose(a, b)", "numpy.testing"),
    ],
)
def test_code_that_names_a_module_has_it_ahead(code, module):
    assert module in preload.named_in(code)
    assert module not in preload.named_in(f"x = 1  # {code}")
    assert module not in preload.preload_for("x = funcs(1); digits_of = 2; hessians = 3")


def test_leaving_by_an_error_leaves_no_process_and_no_folder(invented):
    before = set(psutil.Process().children(recursive=True))

    def fail():
        lab = SimpleNamespace(name=grading_lab.NAME, source=invented.root / "no such file.py")
        Warm(lab, 1, preload=LIGHT)

    with pytest.raises(AuthoringError, match="cannot be read"):
        fail()
    left = {p for p in set(psutil.Process().children(recursive=True)) - before if p.status() != psutil.STATUS_ZOMBIE}
    assert [p for p in left if "ntklab.grading.worker" in " ".join(p.cmdline())] == []
