"""How much a submission may use: per-process limits, and per-submission totals through cgroups or a watchdog."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_PERIOD = 100_000  # the kernel's own, in microseconds
_counter = itertools.count()


@dataclass(frozen=True)
class Limits:
    """Bounds on one submission. Seconds are wall-clock where not said otherwise."""

    cell_seconds: float = 30.0
    call_seconds: float = 20.0
    exercise_seconds: float = 60.0  # all calls of one exercise together
    submission_seconds: float = 600.0  # everything; what is not done by then earns nothing
    cpu_seconds: int = 60  # of one process
    memory_bytes: int = 2 * 2**30  # of all processes of a submission together
    address_space: int = 6 * 2**30  # of one process; torch alone reserves 0.7 GB
    cores: float = 1.0  # of all processes of a submission together, where groups can be made
    processes: int = 128
    file_bytes: int = 64 * 2**20
    tmp_bytes: int = 128 * 2**20
    open_files: int = 512

    def for_process(self) -> dict[str, int]:
        """What the sandboxed process sets on itself before it runs any student code."""
        return {
            "address_space": self.address_space,
            "cpu_seconds": self.cpu_seconds,
            "processes": self.processes,
            "file_bytes": self.file_bytes,
            "tmp_bytes": self.tmp_bytes,
            "open_files": self.open_files,
            "core": 0,
        }


class Group:
    """Caps memory, processes and CPU of one submission, by cgroups where writable; memory else by a watchdog."""

    def __init__(self, limits: Limits, pid: int):
        self.folders: list[Path] = []
        self._over = threading.Event()
        kinds = writable_cgroups()
        name = f"ntklab-{os.getpid()}-{next(_counter)}"
        wanted = {
            "memory": ("memory.limit_in_bytes", "memory.max", limits.memory_bytes),
            "pids": ("pids.max", "pids.max", limits.processes),
            "cpu": ("cpu.cfs_quota_us", "cpu.max", round(limits.cores * _PERIOD)),  # microseconds in each period
        }
        placed = set()
        for kind, (v1_file, v2_file, value) in wanted.items():
            base = kinds.get(kind)
            if base is None:
                continue
            folder = base / name
            _sweep(base)
            try:
                folder.mkdir(exist_ok=True)
                if folder not in self.folders:
                    self.folders.append(folder)
                file = v2_file if (folder / v2_file).exists() else v1_file
                (folder / file).write_text(str(value))
                if kind == "cpu":
                    _allow_bursts(folder, value)
                (folder / "cgroup.procs").write_text(str(pid))
                placed.add(kind)
            except OSError:
                continue
        self._stop = threading.Event()
        self._watchdog: threading.Thread | None = None
        if "memory" not in placed:
            self._watchdog = threading.Thread(target=self._watch, args=(pid, limits.memory_bytes), daemon=True)
            self._watchdog.start()

    def _watch(self, pid: int, limit: int) -> None:
        """Kill the session's processes, all but the first, when together they hold more than ``limit``."""
        import psutil

        root = psutil.Process(pid) if psutil.pid_exists(pid) else None
        at_start = _resident(pid)  # what the worker imported, which all share
        while root is not None and not self._stop.wait(0.1):
            try:
                family = root.children(recursive=True)
            except psutil.Error:
                return
            # Cheap and never too small; only what looks like too much is measured exactly (milliseconds a process).
            if sum(max(0, _resident(p.pid) - at_start) for p in family) > limit:
                if sum(_proportional(p.pid) for p in family) > limit:
                    for process in reversed(family):
                        with contextlib.suppress(psutil.Error):
                            process.kill()

    def close(self) -> None:
        """Remove the groups (their processes have been killed; the kernel may need a moment to empty them)."""
        self._stop.set()
        for folder in self.folders:
            deadline = time.monotonic() + 10
            while folder.is_dir() and time.monotonic() < deadline:
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                with contextlib.suppress(OSError):  # a process that forks while its namespace dies
                    for pid in (folder / "cgroup.procs").read_text().split():
                        os.kill(int(pid), signal.SIGKILL)
                time.sleep(0.01)
        self.folders = []


def _allow_bursts(folder: Path, quota: int) -> None:
    """What one period leaves, the next may use: else a process that ends while another begins stops both for long."""
    for name in ("cpu.cfs_burst_us", "cpu.max.burst"):  # Linux 5.14
        if (folder / name).exists():
            with contextlib.suppress(OSError):
                (folder / name).write_text(str(quota))


def processes_counted_too(release: str = "") -> int:
    """How many tasks of this user RLIMIT_NPROC counts beside the sandbox's: before Linux 5.14, all in the machine."""
    import platform

    version = re.match(r"(\d+)\.(\d+)", release or platform.release())
    if not version or (int(version[1]), int(version[2])) >= (5, 14) or os.getuid() == 0:
        return 0
    import psutil

    mine = psutil.process_iter(["uids", "num_threads"])
    return sum(p.info["num_threads"] or 1 for p in mine if p.info["uids"] and p.info["uids"].real == os.getuid())


def _sweep(base: Path) -> None:
    """Remove the groups of graders that were killed; their processes went with them."""
    for folder in base.glob("ntklab-[0-9]*-[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            try:
                os.kill(int(folder.name.split("-")[1]), 0)
            except ProcessLookupError:
                folder.rmdir()


def _resident(pid: int) -> int:
    """Memory of a process that no file backs, in bytes, shared pages in full; 0 where it is gone."""
    return 1024 * _sum_of(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:"))


def _proportional(pid: int) -> int:
    """The same with every page divided among the processes that share it."""
    return 1024 * _sum_of(f"/proc/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))


def _sum_of(file: str, keys: tuple[str, ...]) -> int:
    try:
        with open(file) as lines:
            return sum(int(line.split()[1]) for line in lines if line.startswith(keys))
    except OSError:
        return 0


def writable_cgroups() -> dict[str, Path]:
    """Which controllers this process may make groups under: {"memory": folder, "pids": folder, "cpu": folder}."""
    found: dict[str, Path] = {}
    for kind in ("memory", "pids", "cpu"):
        v1 = _CGROUP / kind
        if v1.is_dir() and os.access(v1, os.W_OK) and _usable(v1):
            found[kind] = v1
    controllers = _CGROUP / "cgroup.subtree_control"
    with contextlib.suppress(OSError):
        enabled = controllers.read_text().split()
        for kind in ("memory", "pids", "cpu"):
            if kind in enabled and kind not in found and os.access(_CGROUP, os.W_OK) and _usable(_CGROUP):
                found[kind] = _CGROUP
    return found


def _usable(base: Path) -> bool:
    probe = base / f"ntklab-probe-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
        return True
    except OSError:
        return False
