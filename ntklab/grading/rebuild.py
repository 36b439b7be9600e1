"""Rebuild, never trust: the notebook that is graded is the master with the student's answers put in.

Answers are found by grade_id, then by the function they define. The student's own extra code cells (imports, helpers)
stay at their place and run in the sandbox only. Everything else of the submission (tests, metadata, points, kernel,
outputs, order) is not even looked at, so editing it cannot matter.
"""

from __future__ import annotations

import ast
import copy
import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from ntklab.grading.trusted import exercise_of, role_of

MAX_FILE = 20 * 2**20
MAX_CELL = 200_000
MAX_EXTRA = 100


class Unreadable(Exception):
    """There is no notebook to take answers from; the message says why, in words for the student."""


@dataclass
class Rebuilt:
    """A notebook to grade, and what was missing in the submission it came from."""

    notebook: nbformat.NotebookNode
    missing: list[str] = field(default_factory=list)  # answer cells that were not found
    unreadable: str = ""


@dataclass
class _Cell:
    kind: str
    source: str
    grade_id: str
    attachments: dict[str, Any]


def read_submission(path: Path) -> list[Any]:
    """The submission's raw cells. Never follows a link, never reads more than :data:`MAX_FILE` bytes."""
    try:
        info = path.lstat()
    except FileNotFoundError:
        raise Unreadable(f"there is no {path.name}") from None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened ({error.strerror})") from None
    if not stat.S_ISREG(info.st_mode):
        raise Unreadable(f"{path.name} is not a plain file (a link or a folder)")
    if info.st_size > MAX_FILE:
        raise Unreadable(f"{path.name} is larger than {MAX_FILE // 2**20} MB; clear its outputs and submit again")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        notebook = json.loads(text)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Unreadable(f"{path.name} is damaged: it is not a notebook (invalid JSON)") from None
    return cells_of(notebook, path.name)


def cells_of(notebook: Any, name: str = "the notebook") -> list[Any]:
    """The list of raw cells of format 4 or 3."""
    if isinstance(notebook, dict):
        if isinstance(notebook.get("cells"), list):
            return notebook["cells"]
        sheets = notebook.get("worksheets")
        if isinstance(sheets, list):
            inner = [s["cells"] for s in sheets if isinstance(s, dict) and isinstance(s.get("cells"), list)]
            return [cell for cells in inner for cell in cells]
    raise Unreadable(f"{name} is damaged: it holds no cells")


def rebuild(master: nbformat.NotebookNode, raw_cells: list[Any] | None) -> Rebuilt:
    """The master with the answers of ``raw_cells`` (None: an empty submission)."""
    notebook = copy.deepcopy(master)
    if raw_cells is None:
        return Rebuilt(notebook)
    cells = list(_cells(raw_cells))
    answer_cells = {_grade_id(c): c for c in notebook.cells if _takes_answer(c)}
    known = {_grade_id(cell) for cell in notebook.cells if _grade_id(cell)}
    boilerplate = {_normal(cell.source) for cell in master.cells if cell.cell_type == "code"}

    stubs = {grade_id: _normal(cell.source) for grade_id, cell in answer_cells.items()}
    found: dict[str, _Cell] = {}
    for cell in cells:  # of several cells with one id the last that was worked on wins, as it would in Jupyter
        if cell.grade_id in answer_cells:
            first = cell.grade_id not in found
            if first or _normal(cell.source) != stubs[cell.grade_id]:
                found[cell.grade_id] = cell
    missing = []
    adopted: set[int] = set()
    for grade_id in answer_cells:
        if grade_id in found:
            continue
        defines = [c for c in cells if c.grade_id not in known and grade_id in _functions(c.source)]
        if defines:
            found[grade_id] = defines[-1]
            adopted.add(id(defines[-1]))
        else:
            missing.append(grade_id)
    for grade_id, cell in found.items():
        target = answer_cells[grade_id]
        target.source = cell.source
        if target.cell_type == "markdown" and cell.attachments:
            target.attachments = cell.attachments

    extras: dict[str, list[_Cell]] = {}
    place, count = "", 0
    for cell in cells:
        if cell.grade_id in known:
            place = cell.grade_id
        elif cell.kind == "code" and id(cell) not in adopted and count < MAX_EXTRA:
            if cell.source.strip() and _normal(cell.source) not in boilerplate:
                extras.setdefault(place, []).append(cell)
                count += 1
    notebook.cells = list(_with_extras(notebook.cells, extras))
    return Rebuilt(notebook, missing)


def _with_extras(cells: list[Any], extras: dict[str, list[_Cell]]) -> Iterator[Any]:
    counter = 0
    for place, cell in [("", None), *((_grade_id(c), c) for c in cells)]:
        if cell is not None:
            yield cell
        if place or cell is None:
            for extra in extras.get(place, []):
                counter += 1
                new = new_code_cell(extra.source, id=f"student-{counter}")
                new.metadata["ntklab"] = {"role": "student"}
                yield new


def _cells(raw_cells: list[Any]) -> Iterator[_Cell]:
    """The cells that make sense, whatever shape they are in."""
    for raw in raw_cells[:5000]:
        if not isinstance(raw, dict):
            continue
        source = raw.get("source", raw.get("input", ""))
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if not isinstance(source, str) or len(source) > MAX_CELL:
            continue
        source = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\x00", "")
        metadata = raw.get("metadata")
        nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
        kind = raw.get("cell_type")
        yield _Cell(
            kind if isinstance(kind, str) else "",
            source,
            grade_id if isinstance(grade_id, str) else "",
            _images(raw.get("attachments")),
        )


def _images(attachments: Any) -> dict[str, Any]:
    """Pictures pasted into a written answer; anything else is dropped."""
    kept: dict[str, Any] = {}
    for name, data in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(name, str) and isinstance(data, dict):
            images = {
                kind: value
                for kind, value in data.items()
                if kind in ("image/png", "image/jpeg") and isinstance(value, str) and len(value) < 4 * 2**20
            }
            if images:
                kept[name[:100]] = images
    return kept


def _grade_id(cell: Any) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _takes_answer(cell: Any) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _functions(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


__all__ = ["Rebuilt", "Unreadable", "cells_of", "exercise_of", "read_submission", "rebuild", "role_of"]
