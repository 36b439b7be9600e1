"""What this machine can do: each check says what was found and how to mend it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path


@dataclass(frozen=True)
class Check:
    """One line of ``ntklab doctor``; ``needed`` says for what, ``fix`` is empty where all is well."""

    name: str
    ok: bool
    found: str
    fix: str = ""
    optional: bool = False


def python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    return Check("python", good, version, "" if good else "install Python 3.11 or newer and run `make demo` again")


def packages() -> Check:
    missing = [name for name in ("numpy", "torch", "scikit-learn", "matplotlib", "jupyterlab") if not _version(name)]
    found = ", ".join(f"{name} {_version(name)}" for name in ("numpy", "torch", "scikit-learn"))
    return Check("packages", not missing, found, "pip install ntklab" if missing else "")


def instructor() -> Check:
    names = ("nbgrader", "jupytext", "nbclient", "psutil")
    missing = [name for name in names if not _version(name)]
    found = ", ".join(f"{name} {_version(name) or 'missing'}" for name in names)
    return Check("instructor tools", not missing, found, "pip install 'ntklab[instructor]'" if missing else "")


def kernel() -> Check:
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        names = list(KernelSpecManager().find_kernel_specs())
    except ImportError:
        return Check("jupyter kernel", False, "jupyter is missing", "pip install ntklab")
    good = "python3" in names
    fix = "" if good else "python -m ipykernel install --sys-prefix"
    return Check("jupyter kernel", good, ", ".join(names) or "none", fix)


def sandbox() -> Check:
    """Starts a session for real and runs a cell in it."""
    from ntklab.grading.bubblewrap import find_bubblewrap
    from ntklab.grading.sandbox import Sandbox, SandboxUnavailable, Stopped

    here = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder)
        library.chmod(0o755)
        shutil.copytree(here, library / "ntklab", ignore=shutil.ignore_patterns("__pycache__"))
        for path in library.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        try:
            with Sandbox(library, preload=("numpy",)) as fence:
                fence.start()
                with fence.session() as session:
                    said = session.root.fork().run("import socket\nsocket.create_connection(('192.0.2.1', 9), 1)", 20)
                    closed = "unreachable" in str((said.get("error") or {}).get("message"))
                nested = fence.nested
        except (SandboxUnavailable, Stopped) as problem:
            fix = (
                "install your system's bubblewrap (on Ubuntu AppArmor lets only that one make namespaces); "
                "grading refuses without it, unless --no-sandbox"
            )
            return Check("sandbox", False, str(problem), fix)
    if not closed:
        return Check("sandbox", False, "student code reaches the network", "report this: grading is not safe here")
    how = "warm fork with namespaces of its own" if nested else "one worker per submission (no nested namespaces here)"
    return Check("sandbox", True, f"{find_bubblewrap()}: no network, {how}")


def totals() -> Check:
    """Whether memory and processes of a whole submission are capped by cgroups."""
    from ntklab.grading.limits import writable_cgroups

    kinds = writable_cgroups()
    found = f"cgroups for {', '.join(sorted(kinds))}" if kinds else "no writable cgroups"
    rest = [] if "memory" in kinds else ["memory by a watchdog that samples every 0.1 s"]
    if "pids" not in kinds:
        rest.append("processes by RLIMIT_NPROC")
    return Check("limits", True, "; ".join([found, *rest]), optional=True)


def identity() -> Check:
    user = (
        "root: student code runs as another user, without rights"
        if os.getuid() == 0
        else f"uid {os.getuid()}, mapped in a user namespace"
    )
    return Check("user", True, user, optional=True)


def device() -> Check:
    import torch

    if torch.cuda.is_available():
        return Check("accelerator", True, torch.cuda.get_device_name(0), optional=True)
    mps = torch.backends.mps.is_available()
    return Check(
        "accelerator", True, "Apple MPS (float32 only)" if mps else "none: GPU cells run on the CPU", optional=True
    )


def browser() -> Check:
    found = next((path for name in ("chromium", "google-chrome", "firefox") if (path := shutil.which(name))), None)
    return Check("browser", True, found or "none found: `make lab` prints the address to open", optional=True)


CHECKS: tuple[Callable[[], Check], ...] = (
    python, packages, instructor, kernel, sandbox, totals, identity, device, browser,
)  # fmt: skip


def examine() -> list[Check]:
    """Run every check; one that breaks is itself a finding."""
    found = []
    for check in CHECKS:
        try:
            found.append(check())
        except (ImportError, OSError, AttributeError, subprocess.SubprocessError) as problem:
            fix = (
                "grading needs Linux (on Windows: WSL2)"
                if sys.platform != "linux"
                else "pip install 'ntklab[instructor]'"
            )
            found.append(Check(check.__name__, False, f"{type(problem).__name__}: {problem}", fix))
    return found


def as_json(checks: list[Check]) -> dict[str, object]:
    keys = ("name", "ok", "found", "fix")
    rows = [{key: value for key, value in asdict(check).items() if key in keys} for check in checks]
    return {"ok": all(check.ok for check in checks), "checks": rows}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
