"""The complexity measure of corrupted labels, and the bound."""

from __future__ import annotations

from typing import Any

from ntklab.plots.style import COLOURS, TRIANGLE, kernels, key, panels


def draw(data: dict[str, Any]) -> Any:
    """Measure, test error, bound."""
    figure, (left, middle, right) = panels(3, size=(10.4, 3.4))
    shares = data["shares"]
    left.plot(shares, data["theory"], color=COLOURS[0])
    kernels(left, shares, data["measure"], data["measure_sd"], colour=COLOURS[0])
    left.set(ylabel="yᵀH⁻¹y / n", ylim=(0, None))
    key(
        left, [("exact mean", {"color": COLOURS[0]}), ("redraws", {**TRIANGLE, "color": COLOURS[0]})], loc="lower right"
    )
    middle.axhline(0.5, color="0.35", ls="--", lw=1)
    kernels(middle, shares, data["error"], data["error_sd"], colour=COLOURS[0])
    middle.set(ylabel="test error", ylim=(0, 0.58))
    middle.annotate("guessing", (0.0, 0.5), (0, 4), textcoords="offset points", fontsize=9)
    for panel in (left, middle):
        panel.set_xlabel("share of labels drawn anew")
    entries = []
    for name, label, colour, line in (
        ("random", "coin flips", COLOURS[1], "-."),
        ("true", "linear target", COLOURS[0], "-"),
    ):
        right.plot(data["ns"], data[f"{name}_bound"], color=colour, ls=line)
        kernels(right, data["ns"], data[f"{name}_error"], colour=colour)
        entries.append((label, {**TRIANGLE, "color": colour, "ls": line}))
    right.axhline(1, color="0.35", ls="--", lw=1)
    right.set(xscale="log", xlabel="training points n", ylabel="bound (line), test error (triangle)")
    right.set_yscale("symlog", linthresh=1, linscale=1.2)  # linear below 1, where errors live
    right.set(ylim=(-0.05, 20))
    right.set_yticks([0, 0.5, 1, 2, 5, 10, 20], ["0", "0.5", "1", "2", "5", "10", "20"])
    right.set_xticks(data["ns"], [f"{n}" for n in data["ns"]])
    right.minorticks_off()
    key(right, entries, loc=(0.35, 0.62))
    return figure
