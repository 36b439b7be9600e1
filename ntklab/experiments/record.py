"""What a figure is: settings by size, units of work, how they join, and the numbers it promises."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import ntklab
from ntklab import _check

Settings = dict[str, Any]  # plain values only, so that they can be hashed and written as JSON
Arrays = dict[str, np.ndarray]  # what a unit returns
Data = dict[str, Any]  # what a figure is drawn from: named arrays and a few plain values
SIZES = ("small", "paper")


@dataclass(frozen=True)
class Unit:
    """A pure function of plain arguments: ``work(device=..., **arguments)`` → named arrays.

    Attributes:
        name: of this unit within its figure.
        work: a function at the top level of a module, so that other processes and machines find it.
        arguments: plain values; all that the result depends on, seeds included.
        cost: expected time in any unit; it weighs the progress.
    """

    name: str
    work: Callable[..., Arrays]
    arguments: dict[str, Any]
    cost: float = 1.0

    def key(self, device: str) -> str:
        """Digest of all that the result depends on: a saved result under another key is another unit's.

        >>> Unit("a", np.zeros, {"n": 1}).key("cpu") == Unit("b", np.zeros, {"n": 1}).key("cpu")
        True
        >>> Unit("a", np.zeros, {"n": 1}).key("cpu") == Unit("a", np.zeros, {"n": 2}).key("cpu")
        False
        """
        function = f"{self.work.__module__}.{getattr(self.work, '__qualname__', self.work)}"
        parts = [ntklab.__version__, function, self.arguments, device]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Check:
    """A number that the figure promises, and the interval it must lie in (none: it is told, not promised).

    >>> Check("slope", -0.49, low=-0.55, high=-0.45).ok, Check("gap", 0.2, high=0.1).ok
    (True, False)
    >>> Check("slope", -0.49, low=-0.55, high=-0.45).target, Check("gap", 0.2, high=0.1).target
    ('-0.55 to -0.45', 'at most 0.1')
    """

    name: str
    value: float
    low: float = -math.inf
    high: float = math.inf

    @property
    def ok(self) -> bool:
        """Whether the number is where it should be; a NaN is not."""
        return bool(self.low <= self.value <= self.high)

    @property
    def target(self) -> str:
        """The interval in words."""
        if math.isinf(self.low) and math.isinf(self.high):
            return "told, not promised"
        if math.isinf(self.low):
            return f"at most {self.high:g}"
        return f"at least {self.low:g}" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Experiment:
    """One figure.

    Attributes:
        name: what the command line calls it.
        title: one line.
        caption: what is seen, and what the error bars are.
        sizes: settings for each of ``SIZES``.
        units: settings → units of work.
        gather: (settings, results of the units by name) → the data that is drawn.
        agreement: data → the numbers promised.
    """

    name: str
    title: str
    caption: str
    sizes: dict[str, Settings]
    units: Callable[[Settings], list[Unit]]
    gather: Callable[[Settings, dict[str, Arrays]], Data]
    agreement: Callable[[Data], list[Check]]

    def settings(self, size: str = "small", **changes: Any) -> Settings:
        """The settings of a size, with some changed by name."""
        settings = dict(self.sizes[_check.choice("size", size, SIZES)])
        for name in changes:
            _check.choice("settings", name, settings)
        return {**settings, **changes}
