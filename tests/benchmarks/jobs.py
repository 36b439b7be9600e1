"""The list of jobs. A job is a function of the size that returns rows of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from .measure import Row

Value = TypeVar("Value")


@dataclass(frozen=True)
class Size:
    """How much to run: ``quick`` to see that all works, ``large`` with what takes tens of minutes."""

    name: str = "full"

    def pick(self, *, quick: Value, full: Value, large: Value | None = None) -> Value:
        if self.name == "quick":
            return quick
        return large if self.name == "large" and large is not None else full

    def budget(self, full: float) -> float:
        """Seconds of rounds in turns."""
        return 0.3 if self.name == "quick" else full


@dataclass(frozen=True)
class Job:
    name: str
    title: str
    run: Callable[[Size], list[Row]]


JOBS: dict[str, Job] = {}


def job(name: str, title: str) -> Callable[[Callable[[Size], list[Row]]], Callable[[Size], list[Row]]]:
    """Enter a function into the list."""

    def enter(run: Callable[[Size], list[Row]]) -> Callable[[Size], list[Row]]:
        JOBS[name] = Job(name, title, run)
        return run

    return enter


def load() -> dict[str, Job]:
    """All jobs, in the order of the table."""
    from . import gpu, grading, kernels, networks, regression, scaling, spectra  # noqa: F401

    order: tuple[str, ...] = (
        "gram",
        "gram-variants",
        "gram-both",
        "tanh",
        "fit",
        "solve-memory",
        "streaming",
        "cube",
        "theory-curve",
    )
    order += ("empirical", "ensemble-small", "ensemble-wide", "import", "scaling-gram", "scaling-solve")
    order += ("scaling-ensemble", "scaling-grading", "grading", "gpu")
    return {name: JOBS[name] for name in order}
