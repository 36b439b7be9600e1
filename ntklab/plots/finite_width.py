"""Finite networks' kernels against the formula, entry by entry and by width."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntklab.plots.style import COLOURS, LINES, MARKERS, panels, plain_log_ticks, styled


def finite_width(data: dict[str, Any]) -> Any:
    """The figure of :func:`ntklab.experiments.finite_width`."""
    with styled():
        return draw(data)


def draw(data: dict[str, Any]) -> Any:
    """Left: entries of a narrow and of a wide network's kernel against the formula. Right: the error by width."""
    figure, (left, right) = panels(2)
    ends = np.array([data["formula"].min(), data["formula"].max()])
    widths = data["widths"]
    for label, marker, colour, size in (("narrow", "o", COLOURS[3], 16), ("wide", "o", COLOURS[0], 9)):
        width = widths.min() if label == "narrow" else widths.max()
        left.scatter(data["formula"], data[label], size, color=colour, marker=marker, label=f"width {width:,}", lw=0)
    left.plot(ends, ends, color="0.25", lw=1, label="formula")
    left.set(xlabel="infinite-width kernel Θ(x, x′)", ylabel="kernel of one random network")
    left.set_title(f"{data['n']} digits, every pair, {data['activations'][0]}")
    left.legend(loc="upper left")

    for i, name in enumerate(data["activations"]):
        error, bars = data[f"error_{name}"], data[f"se_{name}"]
        slope, slope_se = data[f"slope_{name}"], data[f"slope_se_{name}"]
        label = f"{name}: slope {slope:.2f} ± {slope_se:.2f}".replace("-", "−")
        right.errorbar(widths, error, bars, fmt=MARKERS[i], color=COLOURS[i], label=label, capsize=2, lw=1)
        centre = np.exp(np.mean(np.log(error)) + 0.5 * np.mean(np.log(widths)))
        right.plot(widths, centre * widths**-0.5, color=COLOURS[i], ls=LINES[i], lw=1)
    right.set(xscale="log", yscale="log", xlabel="width", ylabel="relative error of the kernel")
    right.set_xticks(widths, [f"{w}" for w in widths])
    plain_log_ticks(right)
    right.set_title(f"rms over {data['seeds']} networks ± s.e.; lines: slope −1/2")
    right.legend()
    return figure
