"""Distance from the common limit by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntklab.plots.style import COLOURS, LINES, key, panels

FLOOR = 1e-16  # what rounding leaves of a distance


def draw(data: dict[str, Any]) -> Any:
    """Left: algorithms. Right: SGD with and without interpolation."""
    figure, (left, right) = panels(2, size=(8.6, 3.5))
    marks = data["marks"]
    entries = []
    for i, name in enumerate(data["algorithms"]):
        look: dict[str, Any] = {"color": COLOURS[i], "ls": LINES[i]}
        if name == "Newton":  # there after one step, and stays
            look = {"color": COLOURS[i], "ls": "none", "marker": "v", "ms": 5}
        left.plot(
            marks[:: 4 if name == "Newton" else 1],
            np.maximum(data["gap"][i], FLOOR)[:: 4 if name == "Newton" else 1],
            **look,
        )
        entries.append((name, look))
    key(left, entries, loc="lower left", bbox_to_anchor=(0.0, 0.1))
    looks = [{"color": COLOURS[i], "ls": LINES[i]} for i in (1, 0)]
    for look, gap in zip(looks, data["sgd_gap"], strict=True):
        right.plot(marks, np.maximum(gap, FLOOR), **look)
    key(right, [(f"p = {p} features", look) for p, look in zip(data["features"], looks, strict=True)], loc="lower left")
    for panel in (left, right):
        panel.set(xscale="log", yscale="log", xlabel="steps", ylim=(FLOOR / 3, 10))
    left.set_ylabel("distance from the limit")
    right.set_ylabel("distance from the best fit")
    return figure
