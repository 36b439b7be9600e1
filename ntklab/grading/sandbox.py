"""The trusted side of the sandbox: start it, open a session for a submission, and end it all.

``Sandbox`` is one warm worker (see ``worker.py``) inside bubblewrap: no network, a read-only system, a private /tmp,
no course folder, a copy of the library without what the lab withholds. ``Session`` is one submission in it. Several
graders can share one worker: each has a lane into it, and its sessions see nothing of the others'.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntklab.grading.boundary import BoundaryError, decode
from ntklab.grading.bubblewrap import (
    LIBRARY,
    STAGING,
    SandboxUnavailable,
    bare_environment,
    bubblewrap_command,
    python_prefixes,
)
from ntklab.grading.limits import Group, Limits, processes_counted_too
from ntklab.grading.preload import ALWAYS
from ntklab.grading.results import as_text
from ntklab.grading.states import NestingRefused, State, Stopped
from ntklab.grading.wire import Channel, WireError

# Root's student code runs as a user of its own, one for each grader: limits by user do not add up over graders.
FIRST_USER, USERS = 61184, 4096


@dataclass
class Sandbox:
    """One warm worker under bubblewrap (or, with ``fenced=False``, a bare process: for ``--no-sandbox`` only)."""

    library: Path
    limits: Limits = field(default_factory=Limits)
    fenced: bool = True
    preload: tuple[str, ...] = ALWAYS
    nested: bool = True
    lane: socket.socket | None = None  # into the worker of another process's sandbox (see open_lane)
    _process: subprocess.Popen[bytes] | None = None
    _channel: Channel | None = None
    _asked: list[socket.socket] = field(default_factory=list)  # the worker's ends of lanes, until it is launched

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the worker and wait until it is warm; about two seconds, most of it importing torch."""
        self.launch()
        assert self._channel is not None
        assert self._process is not None
        try:
            self._channel.receive(timeout=120)
        except WireError:
            self._process.kill()
            said = (self._process.stderr.read() if self._process.stderr else b"").decode(errors="replace").strip()
            self.close()
            last = said.splitlines()[-1] if said else "it ended without a word"
            raise SandboxUnavailable(
                f"the sandbox does not start: {last}. `ntklab doctor` says what is missing"
            ) from None

    def launch(self) -> None:
        """Start the worker; it answers when it is warm."""
        fence = bubblewrap_command(self.library, self.limits, self.nested) if self.fenced else []
        self._channel, there = Channel.pair()
        try:
            uid = FIRST_USER + os.getpid() % USERS if self.fenced and os.getuid() == 0 else -1
            code = (
                f"import sys; sys.path.insert(0, {LIBRARY if self.fenced else str(self.library)!r}); "
                f"from ntklab.grading.worker import main; main({there.fileno()}, {uid}, {list(self.preload)!r})"
            )
            self._process = subprocess.Popen(
                [*fence, sys.executable, "-I", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[there.fileno()],
                start_new_session=True,
                env=bare_environment(),
                cwd="/",
            )
        finally:
            there.close()
        self._tell_of_lanes()

    def open_lane(self) -> socket.socket:
        """A way into the worker, launched or not, for ``Sandbox(lane=...)`` in another process.

        Hand it over, then close it here. Whoever finds no worker behind it starts one of its own.
        """
        here, there = Channel.pair()
        self._asked.append(there)
        if self._channel is not None:
            self._tell_of_lanes()
        return here.sock

    def _tell_of_lanes(self) -> None:
        while self._asked:
            with contextlib.suppress(WireError), contextlib.closing(self._asked.pop()) as there:
                assert self._channel is not None
                self._channel.send({"op": "lane"}, fd=there.fileno())

    def session(self, warm: tuple[str, ...] = ()) -> Session:
        """A fresh, fenced root state for one submission, which imports ``warm`` before anything else."""
        if self.lane is not None:
            self._channel, self.lane = Channel(self.lane, trusted=True), None
            try:
                self._channel.receive(timeout=120)  # it says when it is warm
            except WireError:
                self.close()
        if self._channel is None or (self._process is not None and self._process.poll() is not None):
            self.close()
            self.start()
        try:
            return self._session(warm)
        except NestingRefused:
            if not self.nested:
                raise
            self.nested = False  # one worker per submission then, in a fence that also covers /proc
            self.close()
            self.start()
            return self._session(warm)
        except SandboxUnavailable:  # the worker has died or hangs: once more with a new one
            self.start()
            return self._session(warm)

    def _session(self, warm: tuple[str, ...]) -> Session:
        assert self._channel is not None
        here, there = Channel.pair()
        limits = {**self.limits.for_process(), "fenced": self.fenced, "nested": self.nested and self.fenced}
        limits["processes"] += processes_counted_too()
        folder = "/tmp/work" if self.fenced else tempfile.mkdtemp(prefix="unfenced-", dir=self.library)
        request = {"op": "session", "limits": limits, "folder": folder, "staging": STAGING}
        request["prefixes"], request["warm"] = python_prefixes(), [name for name in warm if name not in self.preload]
        try:
            self._channel.send(request, fd=there.fileno())
            there.close()
            root = State.root(here, timeout=30)
        except WireError as error:
            here.close()
            self.close()  # the next session gets a fresh worker
            raise SandboxUnavailable(
                f"the sandbox does not answer ({error}). `ntklab doctor` says what is missing"
            ) from None
        finally:
            there.close()
        group = Group(self.limits, root.pid) if self.fenced else None
        root.channel.send({"op": "go"})
        return Session(root, group, self, Path(folder))

    def close(self) -> None:
        """End the worker and all it forked; a lane's worker stays with its owner."""
        for way in (*self._asked, self.lane):
            if way is not None:
                way.close()
        self._asked, self.lane = [], None
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            if self._process.stderr:
                self._process.stderr.close()
            self._process = None


@dataclass
class Session:
    """One submission's tree of processes. ``close`` ends every process in it."""

    root: State
    group: Group | None
    sandbox: Sandbox
    folder: Path

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if not self.sandbox.fenced:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.root.pid, signal.SIGKILL)
            shutil.rmtree(self.folder, ignore_errors=True)
        # The init of its pid namespace: the kernel takes all the others with it, and it is gone when they are.
        self.root.end(wait=10.0)
        for state in self.root.family:
            state.end()
        if self.sandbox.fenced and not self.sandbox.nested:
            self.sandbox.close()  # it shared the worker's namespaces: the worker goes with it
        if self.group is not None:
            self.group.close()


def decode_answer(header: dict[str, Any], body: bytes) -> Any:
    """The value in a reply to ``call``; :class:`BoundaryError` if it holds none."""
    if header.get("op") == "value":
        return decode(body)
    raise BoundaryError(as_text(header.get("message"), 200) or "nothing that can be read")


__all__ = ["NestingRefused", "Sandbox", "SandboxUnavailable", "Session", "State", "Stopped", "decode_answer"]
