"""Mean, band and variance of an ensemble on the circle."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntklab.plots.style import COLOURS, DOT, LINE, key, networks, panels


def draw(data: dict[str, Any]) -> Any:
    """Left: mean and band. Right: variance."""
    figure, (left, right) = panels(2, size=(8.8, 3.6))
    fine, at, colour = data["fine"], data["angles"], COLOURS[0]
    sd = np.sqrt(data["fine_variance"])
    left.fill_between(fine, data["fine_mean"] - sd, data["fine_mean"] + sd, color=COLOURS[3], alpha=0.35, lw=0)
    left.plot(fine, data["fine_mean"], color=colour)
    networks(left, at, data["net_mean"], np.sqrt(data["net_variance"]), colour=COLOURS[1])
    left.plot(data["train"], data["y"], "o", color="0.1", mfc="white", ms=6.5, zorder=6)
    left.set(ylabel="prediction")
    right.plot(fine, data["fine_variance"], color=colour)
    right.plot(fine, data["fine_bayes_variance"], color="0.35", ls="--", lw=1.1)
    sampling = np.sqrt(2 / (data["nets"] - 1)) * data["net_variance"]
    networks(right, at, data["net_variance"], sampling, colour=COLOURS[1])
    right.set(ylabel="variance over networks", ylim=(0, None))
    for panel in (left, right):
        panel.set(xlabel="angle on the circle", xlim=(-np.pi, np.pi))
        panel.set_xticks([-np.pi, -np.pi / 2, 0, np.pi / 2, np.pi], ["−π", "−π/2", "0", "π/2", "π"])
    nets = (f"{data['nets']:,} networks", {**DOT, "color": COLOURS[1]})
    bayes = ("Bayesian inference", {"color": "0.35", "ls": "--", "lw": 1.1})
    top = right.get_ylim()[1]
    right.set_ylim(0, 1.3 * top)
    key(
        right,
        [("theory", {**LINE, "color": colour}), nets, bayes],
        loc="upper center",
        ncols=3,
        fontsize=8.5,
        columnspacing=1.0,
        handlelength=1.5,
    )
    return figure
