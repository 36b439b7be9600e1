"""The corpus of hostile answers: reading it, and the traces that none of them may leave.

A file of ``submissions/hostile`` replaces the answer cell of one exercise. Its head says which exercise, which family
of attacks and which trick, the points it is honestly due, and ``# others: any`` where it breaks the student's own
other answers. The line after the head ends any interpreter that runs the file by mistake; the answer follows it.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "submissions" / "hostile"
GUARD = 'raise SystemExit("a hostile answer: only a sandbox runs what follows")\n'
FAMILIES = (
    "patching", "lying", "forging", "reading", "writing", "network", "lingering", "forking", "flooding", "looping",
    "exiting", "stealing", "escaping",
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """One hostile answer."""

    name: str
    exercise: str
    family: str
    trick: str
    due: float
    others: str
    source: str


def read(path: Path) -> Hostile:
    head, guard, source = path.read_text(encoding="utf-8").partition(GUARD)
    assert guard, f"{path.name} lacks the line that keeps it from running anywhere else"
    fields = dict(re.findall(r"^# (\w+): (.+)$", head, flags=re.MULTILINE))
    return Hostile(
        path.stem,
        fields["exercise"],
        fields["family"],
        fields["trick"],
        float(fields["due"]),
        fields.get("others", "full"),
        source.strip("\n"),
    )


def corpus() -> list[Hostile]:
    """Every file FAMILY--SLUG.py, in the order of its name (others belong to the demo)."""
    return [read(path) for path in sorted(FOLDER.glob("*--*.py"))]


def digits(number: float) -> str:
    """Seven digits that tell the number, wherever its point or its exponent stands."""
    return f"{abs(number):.15e}".replace(".", "")[:7]


def leaks(text: str, numbers: Iterable[float], paths: Iterable[str]) -> list[str]:
    """What in a feedback text should not be there: hidden numbers, tests, paths of the server, signs of a breach."""
    found = [word for word in ("BREACH", "STOLEN", "fresh_inputs", "hidden=True", "rng.normal", *paths) if word in text]
    bare = re.sub(r"[^0-9]", "", text)
    found += [f"{number} in decimal" for number in numbers if digits(number) in bare]
    return found + [f"{number} in hex" for number in numbers if float(number).hex()[4:14] in text]


def told(outcome: Any) -> str:
    """Everything of an outcome that feedback shows."""
    from ntklab.grading.feedback import summary

    return (
        json.dumps(outcome.outputs, ensure_ascii=False) + summary(outcome.to_json(), {}) + json.dumps(outcome.public())
    )


def server_paths(*more: Path) -> list[str]:
    """Paths that no student should read."""
    import ntklab

    home = Path(ntklab.__file__).resolve().parent.parent
    own = [sys.prefix, sys.base_prefix, str(home)]
    return [path for path in own if not path.startswith("/usr")] + ["ntklab-library-", *map(str, more)]


# An extra cell of an honest notebook that looks at everything another submission could have changed.
PROBE = r"""
import os, sys, socket, signal, locale, resource, tempfile
seen = []
for place in ("/tmp", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run", os.path.expanduser("~")):
    for folder, folders, files in os.walk(place):
        if "site-packages" not in folder:
            seen += [os.path.join(folder, f) for f in files + [f for f in folders if f.startswith("STOLEN")]]
seen += [place for place in sorted(os.listdir("/")) if place not in ("root", "home")]
for name in ("\0ntklab-hostile", "/tmp/collector"):
    with socket.socket(socket.AF_UNIX) as s:
        seen.append(s.connect_ex(name) if name[0] == "/" else bool(s.connect_ex(name)))
with socket.socket() as s:
    seen.append(bool(s.connect_ex(("127.0.0.1", 47811))))
seen += [k for k in sorted(os.environ)] + [os.getcwd(), os.umask(0o22), os.nice(0), len(os.listdir("/proc"))]
seen += [type(f).__name__ for f in sys.meta_path] + [signal.getsignal(s) for s in (signal.SIGALRM, signal.SIGTERM)]
seen += [resource.getrlimit(k) for k in (resource.RLIMIT_CPU, resource.RLIMIT_NPROC, resource.RLIMIT_AS)]
seen += [np.allclose.__module__, np.testing.assert_allclose.__module__, np.asarray(2) + 0, abs(-1), all([0]), 10**20]
print(repr(seen))
"""


def children_of_workers() -> list[str]:
    """The processes of this grader's sandboxes that are not the warm workers themselves."""
    from multiprocessing import forkserver, resource_tracker

    import psutil

    family = psutil.Process(os.getpid()).children(recursive=True)
    own = (resource_tracker._resource_tracker._pid, forkserver._forkserver._forkserver_pid)
    found = []
    for process in family:
        try:
            words, status, name = process.cmdline(), process.status(), process.name()
        except psutil.Error:
            continue
        if process.pid in own:
            continue  # this test process's own, from the first test that used a pool of processes
        if not any("ntklab.grading.worker" in word for word in words) or status == psutil.STATUS_ZOMBIE:
            found.append(" ".join(words)[:80] or name)
    return found


def wait_for_no_children(seconds: float = 5.0) -> None:
    """A killed process takes a moment to be gone; what stays longer has survived."""
    deadline = time.monotonic() + seconds
    while children_of_workers():
        assert time.monotonic() < deadline, children_of_workers()
        time.sleep(0.02)


def groups() -> list[str]:
    """This grader's groups under /sys/fs/cgroup."""
    return [str(folder) for folder in Path("/sys/fs/cgroup").glob(f"*/ntklab-{os.getpid()}-*")]
