"""Eigenvalues by level on three domains."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntklab.plots.style import COLOURS, LINES, TRIANGLE, kernels, key, panels

AXES = {"circle": "frequency k", "cube": "bits k", "sphere": "degree k"}


def draw(data: dict[str, Any]) -> Any:
    """A panel for each domain."""
    figure, axes = panels(3, size=(10.2, 3.5))
    for panel, domain in zip(axes, data["domains"], strict=True):
        levels = data[f"{domain}_levels"]
        for i in range(len(data["nets"])):
            formula, found, se = (data[f"{domain}_{name}"][i] for name in ("formula", "found", "se"))
            there = formula > 0
            panel.plot(levels[there], formula[there], color=COLOURS[i], ls=LINES[i], lw=1.3)
            sampled = there & (found > 0)
            bars = se[sampled] if se.any() else None
            kernels(panel, levels[sampled], found[sampled], bars, colour=COLOURS[i], ms=4.5)
        panel.set(yscale="log", xlabel=AXES[domain], title=domain)
        panel.set_xticks(np.arange(0, levels[-1] + 1, max(1, levels[-1] // 4)))
    axes[0].set_ylabel("eigenvalue λ")
    entries = [(net, {**TRIANGLE, "color": COLOURS[i], "ls": LINES[i]}) for i, net in enumerate(data["nets"])]
    key(axes[1], entries, loc="upper right")
    return figure
