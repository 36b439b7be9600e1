"""Rebuild, never trust: the notebook that is graded is the master with the student's answers put in.

Answers are found by grade_id, then by the function they define. The student's own extra code cells (imports, helpers,
earlier copies of an answer) stay at their place and run in the sandbox only. Everything else of the submission (tests,
metadata, points, kernel, outputs, order) is not even looked at, so editing it cannot matter. Written answers lose what
a browser would run, since an instructor reads them in one.
"""

from __future__ import annotations

import ast
import base64
import binascii
import copy
import functools
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from ntklab.grading.trusted import exercise_of, role_of

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
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

    @functools.cached_property
    def functions(self) -> set[str]:
        """The functions that the cell defines."""
        try:
            tree = ast.parse(self.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return set()
        return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def read_submission(path: Path) -> list[Any]:
    """The submission's raw cells. Never follows a link, never reads more than :data:`MAX_FILE` bytes."""
    return raw_cells(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """What the file holds, unless it is a link, a pipe or larger than :data:`MAX_FILE`."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Unreadable(f"{path.name} is not a plain file (a link or a folder)")
        with open(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise Unreadable(f"there is no {path.name}") from None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read ({error.strerror})") from None
    if len(data) > MAX_FILE:
        raise Unreadable(f"{path.name} is larger than {MAX_FILE // 2**20} MB; clear its outputs and submit again")
    return data


def raw_cells(data: bytes, name: str) -> list[Any]:
    """The raw cells in the bytes of a notebook called ``name``."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable(f"{name} is damaged: it is not a notebook (invalid JSON)") from None
    return cells_of(notebook, name)


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
    boilerplate = {_normal(cell.source): _grade_id(cell) for cell in master.cells if cell.cell_type == "code"}

    found = _answers(cells, answer_cells, known)
    for grade_id, cell in found.items():
        target = answer_cells[grade_id]
        if target.cell_type == "code":
            target.source = cell.source
        else:
            target.source = harmless(_without_missing(cell.source, cell.attachments))
            if cell.attachments:
                target.attachments = cell.attachments

    extras: dict[str, list[_Cell]] = {}
    chosen = {id(cell): grade_id for grade_id, cell in found.items()}
    place, count = "", 0
    for cell in cells:
        text = _normal(cell.source)
        if id(cell) in chosen:
            place = chosen[id(cell)]
        elif cell.grade_id in known and (cell.grade_id not in answer_cells or text in boilerplate):
            place = cell.grade_id
        elif text in boilerplate:
            place = boilerplate[text] or place
        elif cell.kind == "code" and text and count < MAX_EXTRA:
            extras.setdefault(place, []).append(cell)
            count += 1
    notebook.cells = list(_with_extras(notebook.cells, extras))
    return Rebuilt(notebook, [grade_id for grade_id in answer_cells if grade_id not in found])


def _answers(cells: list[_Cell], answer_cells: dict[str, Any], known: set[str]) -> dict[str, _Cell]:
    """grade_id of an answer -> the student's cell."""
    found: dict[str, _Cell] = {}
    for cell in cells:  # of several cells with one id the last that was worked on wins, as it would in Jupyter
        if cell.grade_id in answer_cells:
            untouched = _normal(cell.source) == _normal(answer_cells[cell.grade_id].source)
            if cell.grade_id not in found or not untouched:
                found[cell.grade_id] = cell
    for grade_id, target in answer_cells.items():
        if target.cell_type != "code" or (grade_id in found and grade_id in found[grade_id].functions):
            continue
        # without its label, or under the label of a test or of another answer that it does not define
        defines = [
            cell
            for cell in cells
            if grade_id in cell.functions
            and (cell.grade_id in known or grade_id not in found)
            and cell.grade_id not in cell.functions
        ]
        if defines:
            found[grade_id] = defines[-1]
    return found


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
                kind: value for kind, value in data.items() if kind in _IMAGES and _is_image(value, _IMAGES[kind])
            }
            if images:
                kept[name[:100]] = images
    return kept


_IMAGES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}


def _is_image(value: Any, begins: bytes) -> bool:
    if not isinstance(value, str) or len(value) > 4 * 2**20:
        return False
    try:
        return base64.b64decode("".join(value.split()), validate=True).startswith(begins)
    except (binascii.Error, ValueError):
        return False


def _without_missing(text: str, attachments: dict[str, Any]) -> str:
    """No mention of an attachment that is not there: nbconvert would refuse the whole page."""

    def check(mention: re.Match[str]) -> str:
        rest = text[mention.end() : mention.end() + 101]
        there = any(rest.startswith(name) and rest[len(name) :][:1] in ("", ")", " ", "\n") for name in attachments)
        return mention[0] if there else "attachment :"

    return re.sub("attachment:", check, text)


_TARGET = r"(?!\s*(?:https?://|mailto:|attachment:|#))"
_HARMFUL = (
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),  # a tag
    (re.compile(rf"\](?=[(:]{_TARGET})"), "] "),  # a link to javascript: and the like
    (re.compile(r"\\(?=(?:href|require|cssId|class|style)\b)"), r"\\ "),  # MathJax's links and styles
)


def harmless(text: str) -> str:
    """Markdown in which nothing runs in a reader's browser; a blank is put where a tag or a script link would begin."""
    for pattern, instead in _HARMFUL:
        text = pattern.sub(instead, text)
    return text


def _grade_id(cell: Any) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _takes_answer(cell: Any) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


__all__ = [
    "Rebuilt",
    "Unreadable",
    "cells_of",
    "exercise_of",
    "raw_cells",
    "read_bytes",
    "read_submission",
    "rebuild",
    "role_of",
]
