"""What every lab must have, read off its source notebook: points, tests, hints, stubs, minutes, texts for pictures."""

from __future__ import annotations

import ast
import re
from typing import Any

from ntklab.authoring import markers
from ntklab.authoring.errors import AuthoringError
from ntklab.authoring.parts import Exercise, exercises, written
from ntklab.authoring.source import PICTURE, role

AUTOMATIC, BY_HAND = 20, 5  # points of a lab
_HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALLOWED_IN = {  # marker -> roles of the cells it may stand in
    markers.SOLUTION: ("answer", "written"),
    markers.HIDDEN_TESTS: ("hidden",),
    markers.MARK_SCHEME: ("written",),
}


def structure(source: Any, automatic: int = AUTOMATIC, by_hand: int = BY_HAND) -> list[str]:
    """One line for each thing that the lab lacks."""
    problems = _markers(source)
    if problems:  # the rest reads regions
        return problems
    found = exercises(source)
    problems += _setup(source)
    problems += _orphans(source, {exercise.name for exercise in found})
    for exercise in found:
        problems += [f"{exercise.name}: {problem}" for problem in _parts(exercise) + stub_problems(exercise)]
    problems += _totals(found, [question.points for question in written(source)], automatic, by_hand)
    for question in written(source):
        if not question.mark_scheme:
            problems.append(f"{question.name}: a written question needs ### BEGIN MARK SCHEME ... ### END MARK SCHEME")
    return problems + _pictures(source)


def ingredients(source: Any) -> list[str]:
    """One line for each part that every lab of the course has and this one lacks (the syllabus asks for them)."""
    roles = [role(cell) for cell in source.cells]
    code = "\n".join(cell.source for cell in source.cells if cell.cell_type == "code")
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    found = exercises(source)
    needs_gpu = not source.metadata.get("ntklab", {}).get("lab", "").startswith("lab01")
    wanted = {
        f"5 to 7 exercises (it has {len(found)})": 5 <= len(found) <= 7,
        "two figures that the student's functions draw": roles.count("figure") >= 2,
        "an expected picture to compare with": bool(PICTURE.search(text)) or "](attachment:" in text,
        "an interactive figure (lab.slider)": "lab.slider(" in code,
        "a quiz": "quiz" in roles,
        "a GPU cell": "gpu" in roles or not needs_gpu,
        "a worked example or other demo cell": "demo" in roles,
        'a "predict, then run" prompt': re.search(r"\bpredict\b", text, re.IGNORECASE) is not None,
    }
    problems = [f"the lab lacks {what}" for what, there in wanted.items() if not there]
    return problems + [
        f"{exercise.name}: worth {exercise.points} points, not 2 to 4"
        for exercise in found
        if not 2 <= exercise.points <= 4
    ]


def _markers(source: Any) -> list[str]:
    problems = []
    for cell in source.cells:
        for name, roles in _ALLOWED_IN.items():
            try:
                spans = markers.regions(cell.source, name)
            except AuthoringError as error:
                problems.append(f"cell {cell.id!r}: {error}")
                continue
            if spans and role(cell) not in roles:
                problems.append(f"cell {cell.id!r}: BEGIN {name} belongs in a cell with role {' or '.join(roles)}")
    return problems


def _setup(source: Any) -> list[str]:
    setups = [cell for cell in source.cells if role(cell) == "setup"]
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    if not setups:
        return ['there is no setup cell: the first code cell needs role="setup"']
    if code[0] is not setups[0]:
        return [f"cell {code[0].id!r} stands before the setup cell: imports and data come first"]
    title = source.metadata.get("ntklab", {})
    return [f"the header has no ntklab: {key}" for key in ("title", "question", "minutes") if not title.get(key)]


def _orphans(source: Any, names: set[str]) -> list[str]:
    return [
        f"cell {cell.id!r} belongs to no exercise: no answer cell is called {cell.metadata.ntklab['exercise']!r}"
        for cell in source.cells
        if role(cell) in ("visible", "hidden", "hints") and cell.metadata.ntklab["exercise"] not in names
    ]


def _parts(exercise: Exercise) -> list[str]:
    problems = []
    if not exercise.visible:
        problems.append("it has no visible tests")
    if not exercise.hidden:
        problems.append("it has no hidden tests (they carry the points)")
    elif not markers.inside(exercise.hidden, markers.HIDDEN_TESTS).strip():
        problems.append("its hidden cell has nothing between BEGIN HIDDEN TESTS and END HIDDEN TESTS")
    elif not markers.cut(exercise.hidden, markers.HIDDEN_TESTS).strip():
        problems.append("its hidden cell would be handed out empty: begin it with one comment line")
    if exercise.hidden and exercise.points == 0:
        problems.append("its hidden tests are worth no points")
    if len(exercise.hints) != 3:
        problems.append(f"it has {len(exercise.hints)} hints, not 3 (<details><summary>Hint 1 · concept</summary> ...)")
    if exercise.difficulty is None:
        problems.append("its text does not say its difficulty (such as: Difficulty ●●○)")
    if exercise.minutes is None:
        problems.append("its text does not say how many minutes it takes (such as: 10 minutes)")
    if exercise.stated_points not in (None, exercise.points):
        problems.append(f"its text says {exercise.stated_points} points, its hidden cell {exercise.points}")
    return problems


def stub_problems(exercise: Exercise) -> list[str]:
    """Where the stub does not match the solution: its lines, its signature, or that it raises.

    The stub is what stands outside the solution regions; each of its lines must be a line of the solution, in order.
    """
    lines = iter(exercise.solution.split("\n"))
    for line in exercise.stub.split("\n"):
        if line.strip() not in markers.CODE_STUB and line not in lines:
            return [f"the stub's line {line.strip()!r} is not a line of the solution"]
    problems = []
    try:
        solution, stub = (_function(text, exercise.name) for text in (exercise.solution, exercise.stub))
    except SyntaxError as error:
        return [f"the answer cell is not valid Python without its solution, or with it: {error.msg}"]
    if not markers.regions(exercise.solution, markers.SOLUTION):
        return ["the answer cell has no ### BEGIN SOLUTION ... ### END SOLUTION"]
    if solution is None:
        return [f"the answer cell defines no function {exercise.name}"]
    if stub is None:
        return [f"the stub defines no function {exercise.name}: leave its `def` line outside the solution"]
    if ast.dump(solution.args) != ast.dump(stub.args):
        problems.append("the stub's arguments are not the solution's")
    if not any(isinstance(statement, ast.Raise) for statement in stub.body):
        problems.append("the stub does not raise NotImplementedError: put the solution region into the function's body")
    if not ast.get_docstring(stub):
        problems.append("the stub has no docstring: say what comes in and out, with shapes")
    return problems


def _function(text: str, name: str) -> ast.FunctionDef | None:
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return statement
    return None


def _totals(found: list[Exercise], manual: list[int], automatic: int, by_hand: int) -> list[str]:
    problems = []
    total = sum(exercise.points for exercise in found)
    if total != automatic:
        problems.append(f"the exercises are worth {total} points together, not {automatic}")
    if sum(manual) != by_hand:
        problems.append(f"the written questions are worth {sum(manual)} points together, not {by_hand}")
    return problems


def _pictures(source: Any) -> list[str]:
    problems = []
    for cell in source.cells:
        if cell.cell_type != "markdown":
            continue
        for match in re.finditer(PICTURE.pattern.replace(r"[^()\s:]", r"[^()\s]"), cell.source):
            if not match["alt"].strip():
                problems.append(f"cell {cell.id!r}: the picture {match['file']} has no alt text: ![what it shows](...)")
            if "://" in match["file"]:
                problems.append(f"cell {cell.id!r}: the picture {match['file']} would be fetched: put the file beside")
        for tag in _HTML_IMAGE.findall(cell.source):
            if not re.search(r"\balt\s*=\s*[\"'][^\"']+", tag, re.IGNORECASE):
                problems.append(f"cell {cell.id!r}: an <img> has no alt text")
    return problems
