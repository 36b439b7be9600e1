"""A process in the sandbox, as the trusted side sees it: fork it, run a cell in it, call a function of it, end it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from typing import Any

from ntklab.grading.boundary import encode
from ntklab.grading.bubblewrap import SandboxUnavailable
from ntklab.grading.results import as_text
from ntklab.grading.wire import Channel, WireError, WireTimeout

_NO_FORK = "its process has ended or has used up the processes allowed"


class NestingRefused(SandboxUnavailable):
    """The kernel forbids namespaces within namespaces."""


class Stopped(Exception):
    """A state ended or hung; ``reason`` is fit for feedback."""

    def __init__(self, reason: str, timed_out: bool = False):
        super().__init__(reason)
        self.reason, self.timed_out = reason, timed_out


class State:
    """A process in the sandbox that waits for one request at a time."""

    def __init__(self, channel: Channel, namespace: int | None = None):
        self.channel, self.namespace = channel, namespace
        self.pid, self.pidfd = 0, None  # type: int, int | None
        self.heard = False
        self.family = [self]  # all states forked from one root, itself included

    @classmethod
    def root(cls, channel: Channel, timeout: float) -> State:
        """The first state of a session, when it has said that it is there."""
        state = cls(channel)
        header, _ = state._receive(timeout)
        if header.get("op") == "failed":
            raise NestingRefused(f"the sandbox could not start a session: {as_text(header.get('why'), 300)}")
        return state

    def fork(self, timeout: float = 20.0, greets: bool = True) -> State:
        """A copy of this state, to be spent on one cell or one call.

        Unless it ``greets``, it is not waited for: what is asked of it first also tells whether it is there.
        """
        here, there = Channel.pair()
        child = State(here, self.namespace)
        try:
            self.channel.send({"op": "fork", "greet": greets}, fd=there.fileno(), timeout=timeout)
            there.close()
            if greets:
                child._receive(timeout)
        except WireError as error:
            here.close()
            raise Stopped(_NO_FORK, isinstance(error, WireTimeout)) from None
        finally:
            there.close()
        child.family = self.family
        self.family.append(child)
        return child

    def run(self, source: str, timeout: float, figures: bool = False) -> dict[str, Any]:
        """Run a cell here; the header that ``worker._run_cell`` describes."""
        return self._ask({"op": "cell", "source": source, "figures": figures}, b"", timeout)[0]

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], timeout: float) -> tuple[dict, bytes]:
        """Call ``name`` here."""
        return self._ask({"op": "call", "name": name}, encode((args, kwargs)), timeout)

    def _ask(self, header: dict[str, Any], body: bytes, timeout: float) -> tuple[dict[str, Any], bytes]:
        try:
            try:
                self.channel.send(header, body, timeout=timeout)
            except WireTimeout:
                raise
            except WireError:
                pass  # it is closed already, and may have said why
            answer, data = self._receive(timeout)
        except WireTimeout:
            raise Stopped(f"it took longer than {timeout:g} seconds", timed_out=True) from None
        except WireError:
            raise Stopped("it ended the process (os._exit, out of memory, or killed)") from None
        if answer.get("op") == "no fork":
            raise Stopped(_NO_FORK)
        return answer, data

    def _receive(self, timeout: float) -> tuple[dict[str, Any], bytes]:
        """The next message; by the first the kernel says which process this is.

        A sender outside the session's namespace is never signalled: by now its number may belong to somebody else.
        """
        header, body, _ = self.channel.receive(timeout)
        if not self.heard:
            self.heard, said = True, self.channel.peer_pid
            if said is None and isinstance(header.get("pid"), int):  # macOS: unfenced only
                said = header["pid"]
            self.pid = said or 0
            self.pidfd, home = _open_process(self.pid)
            if self.namespace is None:
                self.namespace = home
            elif home != self.namespace and self.pidfd is not None:
                os.close(self.pidfd)
                self.pidfd = None
        return header, body

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
