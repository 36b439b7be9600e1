"""The sandbox's side: runs student code. Nothing here is trusted by the grader, and no test code ever comes here.

The process that starts inside bubblewrap imports the heavy libraries once and stays clean of student code; one or more
graders ask it for sessions. For each submission it forks a *session* with its own user, mount, pid, ipc, net and uts
namespaces, an empty /tmp, no capability and a filter on system calls. A session is a tree of *states*: every state
waits on its own socket and does one thing on request: fork (the child is a new state), run a cell, or call a function.
One state runs the cells one after another; where an exercise's tests stand, the trusted side forks a snapshot from it,
and from the snapshot again before every call, so what a call saw is gone with it.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from ntklab.grading import forks, seccomp
from ntklab.grading.boundary import BoundaryError, decode, encode
from ntklab.grading.wire import MAX_HEADER, Channel, WireError

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
)  # fmt: skip
_MS_BIND, _MS_MOVE, _MS_REC, _MS_PRIVATE, _MS_NOSUID, _MS_NODEV = 0x1000, 0x2000, 0x4000, 0x40000, 2, 4
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 4, 24
MAX_TEXT = 64 * 1024
MAX_IMAGE = 2 * 2**20


def main(fd: int, uid: int, preload: list[str]) -> None:
    """Drop to ``uid``, import ``preload``, then fork a session for every request on descriptor ``fd``."""
    libc = ctypes.CDLL(None, use_errno=True)
    if uid >= 0 and os.getuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)  # else /proc/self/uid_map belongs to root after the change of uid
    channel = Channel(socket.socket(fileno=fd))
    gc.disable()  # what is imported stays: no use in looking through it again and again
    missing = _import_all(preload)
    shell = _make_shell()
    forks.make_cheap(libc)
    gc.enable()
    # From here on no word of the sandbox's reaches the grader's side but by channel: sessions would share the pipe.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # sessions that have ended leave no zombie here
    channel.send({"op": "ready", "missing": missing})
    ways = {channel.sock: channel}  # the owner's and the lanes of other graders
    while True:
        for sock in select.select(list(ways), [], [])[0]:
            try:
                request, _, given = ways[sock].receive()
                if request["op"] == "lane" and given is not None:
                    lane = Channel(socket.socket(fileno=given))
                    ways[lane.sock] = lane
                    lane.send({"op": "ready", "missing": missing})
            except WireError:
                if sock is channel.sock:
                    os._exit(0)
                ways.pop(sock).close()
                continue
            if request["op"] == "session" and given is not None:
                if os.fork() == 0:
                    for way in ways.values():
                        way.close()
                    _session(libc, given, request, shell)
                os.close(given)


def _import_all(modules: list[str]) -> list[str]:
    """Import what can be imported; return the others."""
    missing = []
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError:
            missing.append(module)
    return missing


def _make_shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False  # its writer is a thread: fork would lose it
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    return InteractiveShell.instance(config=config)


def _session(libc: Any, fd: int, request: dict[str, Any], shell: Any) -> NoReturn:
    """Fence the process in and serve the session's root state. Never returns.

    It keeps ignoring SIGCHLD: as init of its namespace it inherits all orphans, and none lingers as a zombie.
    """
    channel = Channel(socket.socket(fileno=fd))
    limits, staging = request["limits"], os.fsencode(request["staging"])
    try:
        if not limits["fenced"]:
            os.setpgid(0, 0)  # one group to kill in the end
        if limits["nested"]:
            uid, gid = os.getuid(), os.getgid()
            if libc.unshare(_NEWUSER | _NEWNS | _NEWPID | _NEWIPC | _NEWNET | _NEWUTS) != 0:
                raise OSError(ctypes.get_errno(), "unshare")
            for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(text)
            pid = os.fork()  # the first process in the new pid namespace: when it goes, everything in it goes
            if pid:
                channel.close()
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)
                os._exit(0)
            _mount(libc, b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
            _mount(libc, b"tmpfs", b"/proc", b"tmpfs", _MS_NOSUID | _MS_NODEV, b"size=4k,mode=555")
            for place in (b"/dev/shm", staging):  # what one session leaves, no other finds
                size = f"size={limits['tmp_bytes']},nr_inodes=20000,mode=1777"
                _mount(libc, b"tmpfs", place, b"tmpfs", _MS_NOSUID | _MS_NODEV, size.encode())
            for prefix in request["prefixes"]:
                if prefix.startswith("/tmp/"):  # an environment in /tmp must stay in sight
                    os.makedirs(inside := staging + os.fsencode(prefix[4:]), exist_ok=True)
                    _mount(libc, os.fsencode(prefix), inside, None, _MS_BIND | _MS_REC, None)
            _mount(libc, staging, b"/tmp", None, _MS_MOVE, None)
        os.makedirs(request["folder"], exist_ok=True)
        os.chdir(request["folder"])
        for kind, key in (
            (resource.RLIMIT_AS, "address_space"),
            (resource.RLIMIT_CPU, "cpu_seconds"),
            (resource.RLIMIT_NPROC, "processes"),
            (resource.RLIMIT_FSIZE, "file_bytes"),
            (resource.RLIMIT_NOFILE, "open_files"),
            (resource.RLIMIT_CORE, "core"),
        ):
            if kind == resource.RLIMIT_NPROC and not limits["fenced"]:
                continue  # it would count everything that this user runs
            with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
                resource.setrlimit(kind, (limits[key], limits[key]))
        if limits["fenced"]:
            _drop_capabilities(libc)
            seccomp.deny(libc)
        if request["warm"]:
            _import_all(request["warm"])
            gc.freeze()
        channel.send({"op": "hello", "pid": os.getpid()})
        channel.receive()  # wait until the trusted side has put this process under its cgroup
    except Exception as error:
        with contextlib.suppress(Exception):
            channel.send({"op": "failed", "why": f"{type(error).__name__}: {error}"})
        os._exit(1)
    _serve(channel, shell)


def _mount(libc: Any, source: bytes, target: bytes, kind: bytes | None, flags: int, data: bytes | None) -> None:
    if libc.mount(source, target, kind, flags, data) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target.decode()}")


def _drop_capabilities(libc: Any) -> None:
    """A new user namespace begins with every capability in it; student code gets none."""
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails past the last one the kernel knows
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _serve(channel: Channel, shell: Any) -> NoReturn:
    """Answer requests until the socket closes."""
    forked: list[int] = []
    while True:
        try:
            request, body, fd = channel.receive()
            if request["op"] == "fork" and fd is not None:
                forked = [pid for pid in forked if not _ended(pid)]
                pid = forks.fork()
                if pid:
                    forked.append(pid)
                    os.close(fd)
                    continue
                other = Channel(socket.socket(fileno=fd))
                if pid is None:
                    with contextlib.suppress(WireError):
                        other.send({"op": "no fork"})
                    other.close()
                    continue
                forked = []
                channel.close()
                channel = other
                if request["greet"]:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    channel.send({"op": "hello", "pid": os.getpid()})
            elif request["op"] == "ping":
                channel.send({"op": "pong"})
            elif request["op"] == "cell":
                channel.send(*_run_cell(shell, request["source"], request["figures"]))
            elif request["op"] == "call":
                channel.send(*_call(shell, request["name"], body))
            else:
                os._exit(0)
        except WireError:
            os._exit(0)


def _ended(pid: int) -> bool:
    """Whether a state forked from this one is over; a zombie would count against the limit on processes."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _run_cell(shell: Any, source: str, figures: bool) -> tuple[dict[str, Any], bytes]:
    """Run a cell as Jupyter would; report its error and what it displayed (images only with ``figures``)."""
    from IPython.utils.capture import capture_output

    failures: list[list[str]] = []
    shell._showtraceback = lambda kind, value, lines: failures.append([str(line) for line in lines])
    if figures and "matplotlib.pyplot" in sys.modules:
        with contextlib.suppress(Exception):
            shell.run_line_magic("matplotlib", "inline")
    with capture_output() as captured:
        try:
            result = shell.run_cell(source, store_history=False)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as escaped:  # SystemExit and its like end the cell, not the session
            error = escaped
    outputs: list[dict[str, Any]] = []
    for name in ("stdout", "stderr"):
        text = getattr(captured, name)
        if text:
            outputs.append({"kind": name, "text": _cut(str(text))})
    for shown in captured.outputs[:50]:
        data = getattr(shown, "data", None) or {}
        image = data.get("image/png")
        if figures and isinstance(image, (str, bytes)) and len(image) < MAX_IMAGE:
            if isinstance(image, bytes):
                import base64

                image = base64.b64encode(image).decode()
            outputs.append({"kind": "png", "data": image})
        elif isinstance(data.get("text/plain"), str):
            outputs.append({"kind": "text", "text": _cut(data["text/plain"], 4096)})
    header: dict[str, Any] = {"op": "done", "outputs": _that_fit(outputs), "error": None}
    if error is not None:
        trace = "\n".join(failures[-1]) if failures else str(error)
        message = f"{error.msg} (line {error.lineno})" if isinstance(error, SyntaxError) else str(error)
        header["error"] = {"type": type(error).__name__, "message": _cut(message, 2000), "trace": _cut(trace, 8000)}
    return header, b""


def _that_fit(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first outputs that one message can carry; the grader would take a larger one for an attack."""
    left = MAX_HEADER // 2
    for count, output in enumerate(outputs):
        left -= len(json.dumps(output))
        if left < 0:
            return [*outputs[:count], {"kind": "stdout", "text": f"… ({len(outputs) - count} outputs cut)\n"}]
    return outputs


def _call(shell: Any, name: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    """Call the student's function ``name`` on the values in ``body``; the answer is a value or an exception's name."""
    function = shell.user_ns.get(name)
    if not callable(function):
        return {"op": "error", "type": "missing", "message": ""}, b""
    try:
        args, kwargs = decode(body)
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            answer = function(*args, **kwargs)
    except BaseException as error:
        kinds = [c.__name__ for c in type(error).__mro__ if getattr(builtins, c.__name__, None) is c]
        return {"op": "error", "type": (kinds or ["Exception"])[0], "message": _cut(str(error), 500)}, b""
    try:
        return {"op": "value"}, encode(answer)
    except BoundaryError as error:
        return {"op": "not-a-value", "message": _cut(str(error), 200)}, b""
    except BaseException as error:
        return {"op": "error", "type": "TypeError", "message": _cut(str(error), 200)}, b""


def _cut(text: str, limit: int = MAX_TEXT) -> str:
    return text if len(text) <= limit else text[:limit] + "\n… (cut)"
