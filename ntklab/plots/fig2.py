"""Figure 2: stacked learnabilities of the modes of a circle, kernel beside networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntklab.plots.style import COLOURS, DOT, LINE, TRIANGLE, kernels, key, networks, panels

WIDTH, GAP = 0.34, 0.02


def draw(data: dict[str, Any]) -> Any:
    """A panel for each n; a pair of bars for each architecture."""
    from matplotlib.colors import to_rgb

    figure, axes = panels(len(data["ns"]), size=(4.4 * len(data["ns"]), 3.9))
    dark, frequencies = np.array(to_rgb(COLOURS[0])), data["frequencies"]
    shade = {k: 1 - (1 - dark) * (1 - 0.82 * k / frequencies.max()) for k in frequencies}
    places = np.arange(len(data["nets"]))
    for j, (panel, n) in enumerate(zip(np.atleast_1d(axes), data["ns"], strict=True)):
        for name, side in (("kernel", -1), ("net", 1)):
            x = places + side * (WIDTH + GAP) / 2
            above, below = np.zeros(len(x)), np.zeros(len(x))  # a mean over few training sets may lie below 0
            for mode, k in enumerate(frequencies):
                height = data[name][:, j, mode]
                start = np.where(height >= 0, above, below)
                panel.bar(x, height, WIDTH, start, color=shade[k], edgecolor="white", lw=0.6)
                above, below = above + height.clip(min=0), below + height.clip(max=0)
            total = data[f"{name}_sum"][:, j]
            if name == "kernel":
                kernels(panel, x, total, colour="0.15")
            else:
                networks(panel, x, total, data["net_sum_sd"][:, j], colour="0.15")
        panel.axhline(n, color="0.15", ls="--", lw=1, zorder=2.5)
        panel.set_xticks(places, [net.replace(", ", "\n") for net in data["nets"]])
        panel.set(ylim=(0, 1.32 * n), title=f"n = {n}", xlabel="kernel left, networks right")
        panel.set_yticks(range(n + 1))
    first = np.atleast_1d(axes)[0]
    first.set_ylabel("learnability, summed over modes")
    looks = [("n", {**LINE, "ls": "--", "lw": 1}), ("sum, kernel", TRIANGLE), ("sum, networks", DOT)]
    key(first, looks, loc="upper left", ncols=3, columnspacing=1.0, handletextpad=0.4)
    chosen = [(f"k = {k}", {"marker": "s", "ls": "none", "ms": 7, "color": shade[k]}) for k in sorted(shade)]
    last = np.atleast_1d(axes)[-1]
    key(last, chosen, loc="upper left", ncols=6, columnspacing=0.5, handletextpad=0.0, handlelength=1.1)
    return figure
