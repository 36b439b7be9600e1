"""Units of work through an executor: saved as they finish, resumed after a kill, with the time that is left."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ntklab import _check
from ntklab._executors import TaskDied, results
from ntklab.experiments.record import Arrays, Data, Experiment, Settings, Unit
from ntklab.experiments.store import Damaged, Store

FIGURES = (
    "fig1",
    "fig2",
    "finite-width",
    "one-limit",
    "kernel-drift",
    "ensemble-band",
    "random-labels",
    "learning-curves",
    "angles",
    "depth-exponents",
    "star-polation",
    "spectra",
)


class OutOfMemory(Exception):
    """A unit needed more memory than there is; says what to lower."""


@dataclass(frozen=True)
class Progress:
    """How far a figure is; ``seconds_left`` is None until the first unit has ended."""

    done: int
    total: int
    seconds_left: float | None


def experiment(name: str) -> Experiment:
    """Return the figure of this name.

    Raises:
        ValueError: there is none; a near miss is named.

    >>> experiment("fig1").name
    'fig1'
    """
    _check.choice("figure", name, FIGURES)
    return importlib.import_module(f"ntklab.experiments.{name.replace('-', '_')}").EXPERIMENT


def run(
    figure: str | Experiment,
    size: str = "small",
    device: str = "cpu",
    *,
    settings: Settings | None = None,
    folder: Path | None = None,
    resume: bool = False,
    pool: Executor | None = None,
    say: Callable[[str], None] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Data:
    """Compute what a figure is drawn from.

    Formulas and kernels are computed on the CPU in float64; networks on ``device``. On the CPU a unit works on one
    thread: the numbers do not depend on how many workers there are.

    Args:
        figure: name or record.
        size: ``"small"`` (two cores, under a minute) or ``"paper"`` (the published settings).
        device: ``"cpu"``, ``"cuda"``, ``"cuda:1"``, … or ``"mps"``.
        settings: settings that differ from those of the size, by name.
        folder: where each finished unit is saved; None saves nothing.
        resume: take what ``folder`` holds of these settings; else it is computed anew.
        pool: where units run; None means here, one by one.
        say: told in a sentence what a user should know (a damaged file, say).
        progress: called at the start and whenever a unit has ended.

    Returns:
        Named arrays and plain values; what ``ntklab.plots.draw`` takes.

    Raises:
        ValueError: an unknown figure, size or setting, or a device that is not there.
        OutOfMemory: says which unit, and what to lower.
    """
    from ntklab.networks.device import usable_device

    record = experiment(figure) if isinstance(figure, str) else figure
    chosen = record.settings(size, **(settings or {}))
    usable_device(device)
    units = record.units(chosen)
    if len({unit.name for unit in units}) != len(units):
        raise RuntimeError(f"{record.name}: two units of one name would overwrite each other")
    store = None if folder is None else Store(folder, device)
    if store is not None and not resume:
        store.forget()
    found = {} if store is None else _saved(store, units, say)
    missing = [unit for unit in units if unit.name not in found]
    clock = _Clock(units, found, progress)
    for unit, arrays in _computed(record.name, missing, device, pool):
        if store is not None:
            store.save(unit, arrays)
        found[unit.name] = arrays
        clock.ended(unit)
    return record.gather(chosen, found)


def _saved(store: Store, units: list[Unit], say: Callable[[str], None] | None) -> dict[str, Arrays]:
    found = {}
    for unit in units:
        try:
            arrays = store.load(unit)
        except Damaged as problem:
            arrays = None
            if say is not None:
                say(f"the save file {problem} is damaged: its unit is computed again")
        if arrays is not None:
            found[unit.name] = arrays
    return found


def _computed(figure: str, units: list[Unit], device: str, pool: Executor | None) -> Iterator[tuple[Unit, Arrays]]:
    if pool is None:
        for unit in units:
            yield unit, _named(figure, unit, device, partial(_work, unit.work, unit.arguments, device))
        return
    # the longest first: no core is left alone with one at the end
    by_name = {unit.name: unit for unit in sorted(units, key=lambda unit: -unit.cost)}
    tasks = ((name, (unit.work, unit.arguments, device)) for name, unit in by_name.items())
    for name, answer in results(pool, _attempt, tasks):
        yield by_name[name], _named(figure, by_name[name], device, partial(_unwrapped, answer))


def _attempt(work: Callable[..., Arrays], arguments: dict[str, Any], device: str) -> Arrays | Exception:
    """The result or what went wrong, so that the parent knows of which unit."""
    try:
        return _work(work, arguments, device)
    except Exception as error:
        return error


def _unwrapped(answer: Arrays | Exception) -> Arrays:
    if isinstance(answer, Exception):
        raise answer
    return answer


def _named(figure: str, unit: Unit, device: str, result: Callable[[], Arrays]) -> Arrays:
    try:
        return result()
    except Exception as error:
        if not _lacks_memory(error):
            raise
        other = "" if device == "cpu" else ", or --device cpu"
        raise OutOfMemory(
            f"{figure}: out of memory on {device} in unit {unit.name!r}. Lower --workers (each needs memory of its own)"
            f" or the size (--size small){other}; --resume keeps what is done"
        ) from error


def _lacks_memory(error: Exception) -> bool:
    import torch

    words = ("out of memory", "can't allocate memory", "not enough memory")  # torch on a CPU has no type of its own
    # a process that dies each time was, most often, killed for its memory
    return isinstance(error, (MemoryError, torch.OutOfMemoryError, TaskDied)) or (
        isinstance(error, RuntimeError) and any(word in str(error).lower() for word in words)
    )


def _work(work: Callable[..., Arrays], arguments: dict[str, Any], device: str) -> Arrays:
    """One unit, here: on a CPU with one thread, so that sums are in the same order whatever the number of cores."""
    import torch
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    if not device.startswith("cpu"):
        return work(device=device, **arguments)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            return work(device=device, **arguments)
    finally:
        torch.set_num_threads(threads)


class _Clock:
    """Time left, from the cost of what this run has done."""

    def __init__(
        self, units: list[Unit], results: dict[str, Arrays], progress: Callable[[Progress], None] | None
    ) -> None:
        self.total, self.done, self.progress = len(units), len(results), progress
        self.cost_left = sum(unit.cost for unit in units if unit.name not in results)
        self.cost_done, self.started = 0.0, time.monotonic()
        self._tell()

    def ended(self, unit: Unit) -> None:
        self.done += 1
        self.cost_done, self.cost_left = self.cost_done + unit.cost, self.cost_left - unit.cost
        self._tell()

    def _tell(self) -> None:
        if self.progress is None:
            return
        passed = time.monotonic() - self.started
        left = passed * max(self.cost_left, 0.0) / self.cost_done if self.cost_done else None
        self.progress(Progress(self.done, self.total, left))
