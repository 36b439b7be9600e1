"""Find and read the notebook a student works on, without any of the tools that built it."""

from __future__ import annotations

import difflib
import json
import re
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


def reset(path: Path, exercise: str) -> Path:
    """Put the stub of ``exercise`` back into the notebook at ``path``; returns the backup of what was there.

    Raises:
        UsageError: the notebook has no answer cell of that name.
    """
    raw = path.read_bytes()
    notebook = read(path)
    hit = [cell for cell in notebook["cells"] if about(cell).get("exercise") == exercise and "stub" in about(cell)]
    if not hit:
        known = [about(cell)["exercise"] for cell in notebook["cells"] if "stub" in about(cell)]
        near = difflib.get_close_matches(exercise, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
        raise UsageError(f"no answer cell for {exercise!r} in {path.name}: {hint}")
    for cell in hit:
        cell["source"] = about(cell)["stub"].splitlines(keepends=True)
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
    backup = _free_name(path)
    backup.write_bytes(raw)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return backup


def _free_name(path: Path) -> Path:
    folder = path.parent / ".ipynb_checkpoints"  # Jupyter's own, ignored by git, never handed in
    folder.mkdir(exist_ok=True)
    number = 1
    while (backup := folder / f"{path.stem}-before-reset-{number}.ipynb").exists():
        number += 1
    return backup


_COUNT = re.compile(r"(\d+) of (\d+) visible tests pass")


def progress(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """For each exercise its ``state`` and, if its visible tests were run, how many ``passed`` of the ``total``.

    The state is ``"missing"`` (no answer cell), ``"untouched"``, ``"unknown"`` (tests not run since), ``"failing"`` or
    ``"passing"``; it is read off the saved outputs, nothing is run.
    """
    rows: dict[str, dict[str, Any]] = {}
    answers: dict[str, dict[str, Any]] = {}
    for cell in notebook["cells"]:
        note = about(cell)
        name = str(note.get("exercise"))
        if note.get("role") in ("answer", "visible", "hidden"):
            row = {"exercise": name, "state": "missing", "points": 0, "passed": 0, "total": 0}
            row = rows.setdefault(name, row)
            if note["role"] == "hidden":
                row["points"] = cell["metadata"].get("nbgrader", {}).get("points", 0)
            elif note["role"] == "answer":
                answers[name] = cell
                row["state"] = "untouched" if text(cell) == note.get("stub") else "unknown"
            elif row["state"] == "unknown" and _ran_after(answers[name], cell):
                row.update(_counted(cell))
    return list(rows.values())


def _ran_after(answer: dict[str, Any], test: dict[str, Any]) -> bool:
    first, then = answer.get("execution_count"), test.get("execution_count")
    return first is not None and then is not None and first < then


def _counted(cell: dict[str, Any]) -> dict[str, Any]:
    said = json.dumps(cell.get("outputs", []), ensure_ascii=False)
    match = _COUNT.search(said)
    if match is None:
        return {}
    passed, total = int(match[1]), int(match[2])
    return {"state": "passing" if passed == total else "failing", "passed": passed, "total": total}
