"""The trusted side of the sandbox: start it, fork states, run cells, call functions, and end it all.

``Sandbox`` is one warm worker (see ``worker.py``) inside bubblewrap: no network, a read-only system, a private /tmp,
no course folder, a copy of the library without what the lab withholds. ``Session`` is one submission in it.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntklab.grading.boundary import BoundaryError, decode, encode
from ntklab.grading.bubblewrap import (
    LIBRARY,
    PRELOAD,
    STAGING,
    SandboxUnavailable,
    bare_environment,
    bubblewrap_command,
    python_prefixes,
)
from ntklab.grading.limits import Group, Limits, processes_counted_too
from ntklab.grading.results import as_text
from ntklab.grading.wire import Channel, WireError, WireTimeout

# Root's student code runs as a user of its own, one for each grader: limits by user do not add up over graders.
FIRST_USER, USERS = 61184, 4096


class NestingRefused(SandboxUnavailable):
    """The kernel forbids namespaces within namespaces."""


class Stopped(Exception):
    """A state ended or hung; ``reason`` is fit for feedback."""

    def __init__(self, reason: str, timed_out: bool = False):
        super().__init__(reason)
        self.reason, self.timed_out = reason, timed_out


class State:
    """A process in the sandbox that waits for one request at a time."""

    def __init__(self, channel: Channel, pidfd: int | None, pid: int, namespace: int | None):
        self.channel, self.pidfd, self.pid, self.namespace = channel, pidfd, pid, namespace
        self.family = [self]  # all states forked from one root, itself included

    @classmethod
    def accept(cls, channel: Channel, timeout: float, namespace: int | None = None) -> State:
        """Wait for the first message of a new state; the kernel says which process sent it.

        A sender outside ``namespace`` is never signalled: by now its number may belong to somebody else.
        """
        header, _, _ = channel.receive(timeout)
        if header.get("op") == "failed":
            raise NestingRefused(f"the sandbox could not start a session: {as_text(header.get('why'), 300)}")
        pid = channel.peer_pid if channel.peer_pid is not None else int(header.get("pid", 0))  # macOS: unfenced only
        pidfd, home = _open_process(pid)
        if namespace is not None and home != namespace and pidfd is not None:
            os.close(pidfd)
            pidfd = None
        return cls(channel, pidfd, pid, home if namespace is None else namespace)

    def fork(self, timeout: float = 20.0) -> State:
        """A copy of this state, to be spent on one cell or one call."""
        here, there = Channel.pair()
        try:
            self.channel.send({"op": "fork"}, fd=there.fileno(), timeout=timeout)
            there.close()
            child = State.accept(here, timeout, self.namespace)
            child.family = self.family
            self.family.append(child)
            return child
        except WireError as error:
            here.close()
            why = "its process has ended or has used up the processes allowed"
            raise Stopped(why, isinstance(error, WireTimeout)) from None
        finally:
            there.close()

    def run(self, source: str, timeout: float, figures: bool = False) -> dict[str, Any]:
        """Run a cell here; the header that ``worker._run_cell`` describes."""
        return self._ask({"op": "cell", "source": source, "figures": figures}, b"", timeout)[0]

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], timeout: float) -> tuple[dict, bytes]:
        """Call ``name`` here."""
        return self._ask({"op": "call", "name": name}, encode((args, kwargs)), timeout)

    def _ask(self, header: dict[str, Any], body: bytes, timeout: float) -> tuple[dict[str, Any], bytes]:
        try:
            self.channel.send(header, body, timeout=timeout)
            answer, data, _ = self.channel.receive(timeout)
            return answer, data
        except WireTimeout:
            raise Stopped(f"it took longer than {timeout:g} seconds", timed_out=True) from None
        except WireError:
            raise Stopped("it ended the process (os._exit, out of memory, or killed)") from None

    def alive(self) -> bool:
        """Whether it still answers: exact even while a kill is on its way, since a killed process runs no more code."""
        try:
            return self._ask({"op": "ping"}, b"", 10.0)[0].get("op") == "pong"
        except Stopped:
            return False

    def end(self, wait: float = 0.0) -> None:
        """Kill the process and forget it; ``wait`` so many seconds at most until it is gone."""
        if self.pidfd is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
                select.select([self.pidfd], [], [], wait)
            os.close(self.pidfd)
            self.pidfd = None
        self.channel.close()


def _open_process(pid: int) -> tuple[int | None, int | None]:
    """A descriptor of the process and the number of its pid namespace; None where it is gone or not to be seen."""
    try:
        pidfd = os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None, None
    try:
        namespace = os.stat(f"/proc/{pid}/ns/pid").st_ino
    except OSError:
        namespace = None
    if select.select([pidfd], [], [], 0)[0]:  # it has ended: what /proc said may be about another
        os.close(pidfd)
        return None, None
    return pidfd, namespace


@dataclass
class Sandbox:
    """One warm worker under bubblewrap (or, with ``fenced=False``, a bare process: for ``--no-sandbox`` only)."""

    library: Path
    limits: Limits = field(default_factory=Limits)
    fenced: bool = True
    preload: tuple[str, ...] = PRELOAD
    nested: bool = True
    _process: subprocess.Popen[bytes] | None = None
    _channel: Channel | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the worker; about two seconds, most of it importing torch."""
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

    def session(self) -> Session:
        """A fresh, fenced root state for one submission."""
        if self._process is None or self._process.poll() is not None or self._channel is None:
            self.close()
            self.start()
        try:
            return self._session()
        except NestingRefused:
            if not self.nested:
                raise
            self.nested = False  # one worker per submission then, in a fence that also covers /proc
            self.close()
            self.start()
            return self._session()
        except SandboxUnavailable:  # the worker has died or hangs: once more with a new one
            self.start()
            return self._session()

    def _session(self) -> Session:
        assert self._channel is not None
        here, there = Channel.pair()
        limits = {**self.limits.for_process(), "fenced": self.fenced, "nested": self.nested and self.fenced}
        limits["processes"] += processes_counted_too()
        folder = "/tmp/work" if self.fenced else tempfile.mkdtemp(prefix="unfenced-", dir=self.library)
        request = {"op": "session", "limits": limits, "folder": folder, "staging": STAGING}
        request["prefixes"] = python_prefixes()
        try:
            self._channel.send(request, fd=there.fileno())
            there.close()
            root = State.accept(here, timeout=30)
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
        """End the worker and all it forked."""
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
