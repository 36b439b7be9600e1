"""Find and read the notebook a student works on, without any of the tools that built it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ntklab import _course
from ntklab._course import UsageError


def read(path: Path) -> dict[str, Any]:
    """The notebook's JSON, or one clear line on why there is none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        if not all(isinstance(cell, dict) and isinstance(cell.get("metadata", {}), dict) for cell in cells):
            raise TypeError
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name a lab or a notebook") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is not a notebook (.ipynb): download the lab again") from None
    return notebook


def find(lab_or_path: str, root: Path | None = None) -> Path:
    """The student notebook of a lab, given the lab's name or the notebook's path.

    A path wins. A name is looked for in the current folder, then under ``assignments/`` of the course it is in.
    """
    path = Path(lab_or_path)
    if path.suffix == ".ipynb":
        if not path.is_file():
            raise UsageError(f"there is no file {path}: name a lab or an existing notebook")
        return path
    stems = {p: p.stem for p in sorted(Path.cwd().glob("*.ipynb"))}
    beside = [p for p, stem in stems.items() if stem == path.name or stem.startswith(f"{path.name}-")]
    if len(beside) == 1 and root is None:
        return beside[0]
    lab = _course.find_lab(lab_or_path, root)
    if not lab.assignment.is_file():
        raise UsageError(f"{lab.name} has no student notebook yet: run ntklab build {lab.name}")
    return lab.assignment


def about(cell: dict[str, Any]) -> dict[str, Any]:
    """What the build noted about a cell: its role, its exercise, its stub."""
    value = cell.get("metadata", {}).get("ntklab", {})
    return value if isinstance(value, dict) else {}


def text(cell: dict[str, Any]) -> str:
    """The cell's source as one string."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def names(notebook: dict[str, Any]) -> list[str]:
    """The exercises of a notebook, in order."""
    return [about(cell)["exercise"] for cell in notebook["cells"] if about(cell).get("role") == "answer"]
