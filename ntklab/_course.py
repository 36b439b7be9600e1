"""Where the parts of a course lie: the folders of a clone and the files of one lab."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path


class UsageError(Exception):
    """A mistake in how a command was called: one line that says what is wrong and what to do (exit code 2)."""


def shown(path: Path) -> str:
    """How a command prints a path: as seen from the current folder where it lies below that."""
    path, here = path.resolve(), Path.cwd().resolve()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@dataclass(frozen=True)
class Lab:
    """The files of one lab. Only ``source`` is edited by hand; everything else is built from it."""

    name: str
    root: Path

    @property
    def source(self) -> Path:
        return self.root / "solutions" / self.name / f"{self.name}.py"

    @property
    def solution(self) -> Path:
        """The executed solution notebook, to be read without running."""
        return self.root / "solutions" / self.name / f"{self.name}.ipynb"

    @property
    def assignment(self) -> Path:
        """The student notebook."""
        return self.root / "assignments" / self.name / f"{self.name}.ipynb"

    @property
    def built_source(self) -> Path:
        """nbgrader's source notebook. It lies apart: a .py beside it would be handed to the students."""
        return self.root / "build" / "source" / self.name / f"{self.name}.ipynb"


def find_root(start: Path | None = None) -> Path:
    """The folder that holds ``solutions/`` or ``assignments/`` and ``course/``: the current one or one above it."""
    here = Path(os.environ.get("NTKLAB_ROOT") or start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "course" / "nbgrader_config.py").is_file() or (folder / "solutions").is_dir():
            return folder
    raise UsageError(f"{here} is not inside a course: run ntklab in a clone of it (it holds course/ and solutions/)")


def labs(root: Path) -> list[str]:
    """The names of all labs that have a source, in the course's order."""
    folder = root / "solutions"
    return sorted(p.name for p in folder.glob("lab*") if (p / f"{p.name}.py").is_file())


def find_lab(name: str, root: Path | None = None) -> Lab:
    """The lab called ``name``; ``lab03`` is enough where only one begins so."""
    root = find_root() if root is None else root
    names = labs(root)
    if name in names:
        return Lab(name, root)
    begins = [n for n in names if n.startswith(f"{name}-")]
    if len(begins) == 1:
        return Lab(begins[0], root)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names) or 'none'}"
    raise UsageError(f"no lab is called {name!r}: {hint}")
