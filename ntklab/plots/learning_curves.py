"""Predicted and measured learning curves."""

from __future__ import annotations

from typing import Any

from ntklab.plots.style import COLOURS, LINES, TRIANGLE, kernels, key, panels, plain_log_ticks


def draw(data: dict[str, Any]) -> Any:
    """Left: two classes. Right: ten."""
    figure, panel_of = panels(2, size=(8.8, 3.8))
    ns, names = data["ns"], data["tasks"]
    for panel, begin in ((panel_of[0], "odd"), (panel_of[1], "ten")):
        entries = []
        for i, task in enumerate(name for name in names if name.startswith(begin)):
            row = names.index(task)
            mean, band, look = data["mean"][row], data["band"][row], {"color": COLOURS[i], "ls": LINES[i]}
            panel.fill_between(ns, mean - band, mean + band, color=COLOURS[i], alpha=0.2, lw=0)
            panel.plot(ns, mean, **look)
            kernels(panel, ns, data["error"][row], data["error_sd"][row], colour=COLOURS[i])
            entries.append((task, {**TRIANGLE, **look}))
        panel.set(xscale="log", yscale="log", xlabel="training images n")
        panel.set_xticks(ns, [f"{n}" for n in ns])
        plain_log_ticks(panel)
        key(panel, entries, loc="lower left", fontsize=9)
    panel_of[0].set_ylabel("squared error on the other images")
    return figure
