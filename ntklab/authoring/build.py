"""Everything that is built from a lab's source, and whether what is committed is current."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntklab._course import Lab
from ntklab.authoring.errors import AuthoringError
from ntklab.authoring.execute import executed, pictures
from ntklab.authoring.leaks import leaks
from ntklab.authoring.release import student_notebook
from ntklab.authoring.source import notebook_bytes, read_notebook, source_notebook
from ntklab.authoring.structure import ingredients, structure
from ntklab.authoring.testcells import parsed, problems_in_tests


def check(built: Built) -> list[str]:
    """Everything wrong with a lab as its author wrote it, one line each: structure, test cells, leaks."""
    problems = structure(built.source) + ingredients(built.source) + problems_in_tests(built.source)
    if any(parsed(cell.source) is None for cell in built.source.cells if cell.cell_type == "code"):
        return problems  # no statements to look for
    return problems + leaks(built.source, built.student)


@dataclass(frozen=True)
class Built:
    """The notebooks of one lab, in memory."""

    lab: Lab
    source: Any
    student: Any


def build(lab: Lab) -> Built:
    """Source notebook and student notebook of a lab."""
    source = source_notebook(lab.source)
    return Built(lab, source, student_notebook(source))


def write(built: Built) -> list[Path]:
    """Write the source notebook under ``build/`` and the student notebook under ``assignments/``."""
    written = []
    for path, notebook in ((built.lab.built_source, built.source), (built.lab.assignment, built.student)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook_bytes(notebook))
        written.append(path)
    return written


def execute(built: Built) -> Path:
    """Run the source notebook and write the solution notebook with its figures."""
    path = built.lab.solution
    path.write_bytes(notebook_bytes(executed(built.source, path.parent)))
    return path


def draw_pictures(lab: Lab) -> list[Path]:
    """Run the source and save the figure of every cell that draws an expected picture, beside the source."""
    notebook = executed(source_notebook(lab.source, pictures=False), lab.source.parent)
    paths = []
    for file, png in pictures(notebook).items():
        path = lab.source.parent / file
        path.write_bytes(png)
        paths.append(path)
    return paths


def stale(built: Built) -> list[str]:
    """One line for each committed file that differs from what the source gives."""
    lab = built.lab
    problems = []
    mend = f"run `ntklab build {lab.name}` and commit"
    if not lab.assignment.is_file():
        problems.append(f"assignments/{lab.name}/{lab.name}.ipynb is missing: {mend}")
    elif lab.assignment.read_bytes() != notebook_bytes(built.student):
        problems.append(f"assignments/{lab.name}/{lab.name}.ipynb is not what the source gives: {mend}")
    return problems + _stale_solution(built)


def _stale_solution(built: Built) -> list[str]:
    """The executed solution is held against the source cell by cell; its outputs are not compared."""
    lab = built.lab
    name = f"solutions/{lab.name}/{lab.name}.ipynb"
    mend = f"run `ntklab build {lab.name} --execute` and commit"
    if not lab.solution.is_file():
        return [f"{name} is missing: {mend}"]
    try:
        executed = read_notebook(lab.solution)
    except AuthoringError as error:
        return [f"{error}: {mend}"]

    def text(notebook: Any) -> list[tuple[str, str, str]]:
        return [(cell.get("id", ""), cell.cell_type, cell.source) for cell in notebook.cells]

    if text(executed) == text(built.source):
        return []
    different = [a[0] for a, b in zip(text(built.source), text(executed), strict=False) if a != b]
    where = f"cell {different[0]!r} differs" if different else "it has more or fewer cells"
    return [f"{name} is older than its source ({where}): {mend}"]
