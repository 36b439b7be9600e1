"""Curves through two training points, and the coefficient of their curvature."""

from __future__ import annotations

from typing import Any

from ntklab.plots.style import COLOURS, LINES, TRIANGLE, kernels, key, panels

NAMES = {"linear": "linear", "relu": "ReLU", "gelu": "GELU"}


def draw(data: dict[str, Any]) -> Any:
    """Left: the curves. Right: exact curvature over the law's."""
    figure, (left, right) = panels(2, size=(8.8, 3.7))
    s, names = data["s"], data["activations"]
    for i, name in enumerate(names):
        left.plot(s, data["mean"][i], color=COLOURS[i], ls=LINES[i], zorder=3)
        if name == "relu":
            low, high = data["mean"][i] - data["sd"][i], data["mean"][i] + data["sd"][i]
            left.fill_between(s, low, high, color=COLOURS[i], alpha=0.18, lw=0)
    left.plot([0, 1], [-1, 1], "o", color="0.1", mfc="white", ms=6, zorder=5)
    left.set(xlabel="place on the line, s", ylabel="prediction")
    entries = [(NAMES.get(name, name), {"color": COLOURS[i], "ls": LINES[i]}) for i, name in enumerate(names)]
    key(left, entries, loc="upper left")

    for level in (1.0, 0.25):
        right.axhline(level, color="0.4", lw=1)
    for name, to_law, to_book in zip(data["smooth"], data["to_law"], data["to_book"], strict=True):
        i = names.index(name)
        for values in (to_law, to_book):
            right.plot(data["smooth_deltas"], values, color=COLOURS[i], ls=LINES[i], lw=1)
            kernels(right, data["smooth_deltas"], values, colour=COLOURS[i])
    right.annotate("coefficient 1", (0.02, 1.0), (0, 5), textcoords="offset points", fontsize=9)
    right.annotate("coefficient 4, as printed", (0.02, 0.25), (0, 5), textcoords="offset points", fontsize=9)
    right.set(xscale="log", xlabel="distance of the inputs, δ", ylabel="exact curvature / law", ylim=(0, 1.15))
    right.set_xticks(data["smooth_deltas"], [f"{delta:g}" for delta in data["smooth_deltas"]])
    right.minorticks_off()
    smooth = [(name, look) for (name, look), raw in zip(entries, names, strict=True) if raw in data["smooth"]]
    key(right, [(name, {**TRIANGLE, **look}) for name, look in smooth], loc=(0.05, 0.42))
    return figure
