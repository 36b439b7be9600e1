"""The verdict on every exercise once its tests have run, or could not: points, diagnosis, and outputs that say so."""

from __future__ import annotations

import nbformat

from ntklab.grading.names import names_used
from ntklab.grading.results import ExerciseResult, Outcome, clean, error_output, stream_output
from ntklab.grading.trusted import TrustedLab, exercise_of, role_of


def conclude(
    lab: TrustedLab,
    notebook: nbformat.NotebookNode,
    outcome: Outcome,
    visible: dict[str, ExerciseResult],
    hidden: dict[str, str | None],
    lost: dict[str, str],
    ended: str,
) -> None:
    """Complete ``outcome``: full points where all tests passed, none elsewhere.

    Args:
        visible: what the visible tests found, for the exercises whose visible tests have run.
        hidden: why the hidden tests failed (None: they passed), for those whose hidden tests have run.
        lost: exercises that broke the session, with the reason; those without a verdict join them.
        ended: the reason of exercises that have no other.
    """
    results: dict[str, ExerciseResult] = {}
    for name, exercise in lab.exercises.items():
        result = visible.get(name)
        if result is None:
            result = ExerciseResult(name, exercise.points, 0, exercise.visible_total)
            result.diagnosis = lost.setdefault(name, ended)
            outcome.outputs[f"{name}-visible"] = [error_output("TestsFailed", result.diagnosis)]
        passed_visible = result.diagnosis is None
        if passed_visible and name not in hidden:
            lost.setdefault(name, ended)
        if passed_visible:
            result.diagnosis = hidden.get(name)
        if name in lost:
            result.diagnosis = result.diagnosis or lost[name]
            if not any(line.startswith(f"{name}:") for line in outcome.lost):
                outcome.lost.append(f"{name}: {lost[name]}")
        result.score = exercise.points if result.diagnosis is None else 0.0
        results[name] = result
        if result.diagnosis is None:
            said = stream_output(f"{name}: all hidden tests pass.\n")
        elif passed_visible:
            said = error_output("TestsFailed", f"{name}: hidden tests on fresh inputs: {result.diagnosis}")
        else:
            said = error_output("TestsFailed", f"{name}: its visible tests do not all pass yet.")
        outcome.outputs[f"{name}-hidden"] = [said]
    _blame_dependencies(notebook, results)
    for result in results.values():
        result.diagnosis = None if result.diagnosis is None else clean(result.diagnosis, 2000)
    outcome.exercises = results


def _blame_dependencies(notebook: nbformat.NotebookNode, results: dict[str, ExerciseResult]) -> None:
    """A failure that another exercise causes says so first."""
    for cell in notebook.cells:
        if role_of(cell) != "answer" or exercise_of(cell) not in results:
            continue
        result = results[exercise_of(cell)]
        used = names_used(cell.source) & set(results) - {result.name}
        broken = sorted(name for name in used if results[name].diagnosis is not None)
        if result.diagnosis is not None and broken:
            which = " and ".join(f"`{name}`" for name in broken)
            verb = "fails its" if len(broken) == 1 else "fail their"
            result.diagnosis = (
                f"{which}, which your answer calls, {verb} own tests: mend that first. {result.diagnosis}"
            )
