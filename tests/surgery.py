"""Hostile submissions that no answer cell can hold: notebooks operated on, links and archives in their place.

Each is one trick on an honest notebook, in a family of its own; :func:`tricks` lists them. ``due`` says whether the
honest answers must still count ("full"), that no cell of theirs is found ("missing": 0 points, "partial"), or that
there is no notebook at all ("zero": 0 points, "unreadable").
"""

from __future__ import annotations

import copy
import io
import json
import os
import random
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from grading_lab import NAME

Make = Callable[[Path, Any], None]


@dataclass(frozen=True)
class Trick:
    """``make(folder, notebook)`` puts the submission into a student's folder of the lab."""

    name: str
    family: str
    trick: str
    due: str
    make: Make


_TRICKS: list[Trick] = []


def tricks(family: str | None = None) -> list[Trick]:
    return [trick for trick in _TRICKS if family in (None, trick.family)]


def operation(text: str, due: str = "full") -> Callable[[Callable[[dict[str, Any]], Any]], Callable[..., Any]]:
    """A change to the notebook's JSON; the function may return other bytes, text or JSON to write instead."""

    def enter(change: Callable[[dict[str, Any]], Any]) -> Callable[..., Any]:
        def make(folder: Path, notebook: Any) -> None:
            data = json.loads(nbformat.writes(notebook))
            changed = change(data)
            written = data if changed is None else changed
            if not isinstance(written, bytes):
                written = (written if isinstance(written, str) else json.dumps(written)).encode()
            (folder / f"{NAME}.ipynb").write_bytes(written)

        name = change.__name__.removeprefix("_").replace("_", "-")
        _TRICKS.append(Trick(f"surgery--{name}", "surgery", text, due, make))
        return change

    return enter


def folder_trick(text: str, due: str = "zero") -> Callable[[Make], Make]:
    """Something else than a notebook where the notebook should be."""

    def enter(make: Make) -> Make:
        name = make.__name__.removeprefix("_").replace("_", "-")
        _TRICKS.append(Trick(f"folder--{name}", "folder", text, due, make))
        return make

    return enter


def _nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    return cell["metadata"].get("nbgrader", {})


def _tests(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in data["cells"] if _nbgrader(c).get("grade") and not _nbgrader(c).get("solution")]


# --- the notebook ---------------------------------------------------------------------------------------------------


@operation("deletes every test cell")
def _deleted_tests(data):
    tests = _tests(data)
    data["cells"] = [cell for cell in data["cells"] if cell not in tests]


@operation("hands in every cell twice: duplicate ids, which stop stock nbgrader's whole batch")
def _duplicated_cells(data):
    data["cells"] += copy.deepcopy(data["cells"])


@operation("reverses the order of the cells")
def _reversed_order(data):
    data["cells"].reverse()


@operation("shuffles the cells")
def _shuffled(data):
    random.Random(5).shuffle(data["cells"])


@operation("puts the labels of answers on tests and those of tests on answers")
def _exchanged_labels(data):
    tests = {_nbgrader(c)["grade_id"]: c for c in _tests(data)}
    for cell in data["cells"]:
        name = _nbgrader(cell).get("grade_id", "")
        if (test := tests.get(f"{name}-hidden")) is not None:
            cell["metadata"], test["metadata"] = test["metadata"], cell["metadata"]


@operation("takes all labels away")
def _no_labels(data):
    for cell in data["cells"]:
        cell["metadata"] = {}


@operation("gives itself 400 points for every cell")
def _four_hundred_points(data):
    for cell in data["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"].update(points=400, grade=True)


@operation("prints 400 as the result of its tests: more points than there are stop stock nbgrader")
def _result_of_four_hundred(data):
    for cell in _tests(data):
        cell["source"] = "400"
        cell["outputs"] = [
            {"output_type": "execute_result", "data": {"text/plain": "400"}, "metadata": {}, "execution_count": 1}
        ]


@operation("replaces its tests by `pass`")
def _tests_that_pass(data):
    for cell in _tests(data):
        cell["source"] = "pass"
        cell["metadata"]["nbgrader"]["locked"] = False


@operation("makes the tests markdown")
def _converted_tests(data):
    for cell in _tests(data):
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None), cell.pop("execution_count", None)


@operation("makes its answers raw cells")
def _converted_answers(data):
    for cell in data["cells"]:
        if _nbgrader(cell).get("solution"):
            cell["cell_type"] = "raw"


@operation("names a kernel of another language")
def _other_kernel(data):
    data["metadata"]["kernelspec"] = {"name": "bash; touch STOLEN", "language": "bash", "display_name": "x"}
    data["metadata"]["language_info"] = {"name": "bash"}


@operation("is in notebook format 3")
def _format_3(data):
    cells = []
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
        cells.append(cell)
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


@operation("claims format 99")
def _format_99(data):
    data["nbformat"] = 99


@operation("brings the verdict along: full points in its metadata")
def _forged_verdict(data):
    data["metadata"]["ntklab_outcome"] = {"status": "graded", "reason": "", "exercises": [{"score": 400}]}
    for cell in data["cells"]:
        cell["metadata"]["ntklab"] = {"role": "hidden", "exercise": "doubled", "points": 400}


@operation("is cut off in the middle", due="zero")
def _cut_off(data):
    text = json.dumps(data)
    return text[: len(text) // 2]


@operation("is JSON, but a list nested a hundred thousand deep", due="zero")
def _nested_lists(data):
    return "[" * 100_000 + "]" * 100_000


@operation("is 200 MB large", due="zero")
def _two_hundred_megabytes(data):
    return json.dumps(data).encode() + b" " * (200 * 2**20)  # still JSON


@operation("holds no bytes at all", due="zero")
def _empty(data):
    return b""


@operation("is UTF-16 with a half surrogate", due="zero")
def _utf_16(data):
    return json.dumps(data).encode("utf-16") + b"\x00\xd8"


@operation("is made of cells that are no cells")
def _odd_cells(data):
    data["cells"] = [None, 3, [], {"cell_type": ["code"]}, {"source": {"a": 1}}, *data["cells"], {"metadata": 7}]


@operation("has a hundred thousand empty cells before its own, which are then too far down to count", due="missing")
def _many_cells(data):
    data["cells"] = [{"cell_type": "code", "source": "", "metadata": {}}] * 100_000 + data["cells"]


# --- the folder -----------------------------------------------------------------------------------------------------


def _honest(folder: Path, notebook: Any, name: str = NAME) -> Path:
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


@folder_trick("a symbolic link to another student's notebook")
def _link_to_a_neighbour(folder, notebook):
    (folder / f"{NAME}.ipynb").symlink_to(f"../../neighbour/{NAME}/{NAME}.ipynb")


@folder_trick("a symbolic link to a file of the system")
def _link_to_the_system(folder, notebook):
    (folder / f"{NAME}.ipynb").symlink_to("/etc/passwd")


@folder_trick("a symbolic link to itself")
def _link_to_itself(folder, notebook):
    (folder / f"{NAME}.ipynb").symlink_to(f"{NAME}.ipynb")


@folder_trick("the folder of the lab is a link to a neighbour's")
def _linked_folder(folder, notebook):
    folder.rmdir()
    folder.symlink_to(f"../neighbour/{NAME}")


@folder_trick("a pipe that never ends")
def _pipe(folder, notebook):
    os.mkfifo(folder / f"{NAME}.ipynb")


@folder_trick("a folder with the notebook's name")
def _folder_in_its_place(folder, notebook):
    (folder / f"{NAME}.ipynb").mkdir()


@folder_trick("links beside an honest notebook: to the gradebook, to the hidden tests, upwards", due="full")
def _links_beside(folder, notebook):
    _honest(folder, notebook)
    (folder / "gradebook.db").symlink_to("../../../course/gradebook.db")
    (folder / "up").symlink_to("..")
    (folder / "timestamp.txt").symlink_to("/etc/hostname")


@folder_trick("a zip bomb beside an honest notebook: 200 MB in 200 kB", due="full")
def _zip_bomb(folder, notebook):
    _honest(folder, notebook)
    with zipfile.ZipFile(folder / "data.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open("zeros", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(bytes(2**20))


@folder_trick("an archive in place of the notebook")
def _archive_for_a_notebook(folder, notebook):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"../../neighbour/{NAME}/{NAME}.ipynb", "{}")
    with zipfile.ZipFile(folder / f"{NAME}.ipynb", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())


@folder_trick("archives in archives, with members that climb out")
def _nested_archives(folder, notebook):
    data = b"{}"
    for _ in range(20):
        outer = io.BytesIO()
        with tarfile.open(fileobj=outer, mode="w:gz") as archive:
            member = tarfile.TarInfo("../../../course/gradebook.db")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        data = outer.getvalue()
    (folder / "lab.tar.gz").write_bytes(data)


@folder_trick("programs that Python would run at its start", due="full")
def _startup_files(folder, notebook):
    _honest(folder, notebook)
    for name in ("sitecustomize.py", "numpy.py", "ntklab.py", "conftest.py", "nbgrader_config.py"):
        (folder / name).write_text("open('/tmp/STOLEN', 'w').close()")


@folder_trick("a hundred notebooks: which one is meant?")
def _many_notebooks(folder, notebook):
    text = nbformat.writes(notebook)
    for number in range(100):
        (folder / f"mine-{number}.ipynb").write_text(text)


@folder_trick("a timestamp of a hundred megabytes", due="full")
def _vast_timestamp(folder, notebook):
    _honest(folder, notebook)
    with open(folder / "timestamp.txt", "wb") as file:
        file.truncate(100 * 2**20)
