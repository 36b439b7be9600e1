"""Figure 1: error and learnability of parities against the number of training points."""

from __future__ import annotations

from typing import Any

from ntklab.plots.style import COLOURS, DOT, LINE, LINES, TRIANGLE, kernels, key, networks, panels


def draw(data: dict[str, Any]) -> Any:
    """Left: mean squared error. Right: learnability. Lines theory, triangles kernel, dots networks."""
    figure, (left, right) = panels(2, size=(8.6, 3.7))
    ns = data["ns"]
    positive, nothing = ns > 0, {"mse": 1.0, "L": 0.0}
    for axes, name in ((left, "mse"), (right, "L")):
        for i in range(len(data["ks"])):
            axes.plot(data["fine"], data[f"fine_{name}"][:, i], color=COLOURS[i], ls=LINES[i], zorder=2)
            look: dict[str, Any] = {"colour": COLOURS[i], "clip_on": False}
            # triangles a little to the left of the dots, so that both bars are seen
            kernels(axes, ns[positive] / 1.05, data[f"kernel_{name}"][:, i], data[f"kernel_{name}_sd"][:, i], **look)
            networks(axes, data["net_ns"] * 1.05, data[f"net_{name}"][:, i], data[f"net_{name}_sd"][:, i], **look)
        if (ns == 0).any():
            kernels(axes, [0], [nothing[name]], colour="0.4", clip_on=False)
        axes.set_xscale("symlog", base=2, linthresh=1, linscale=0.6)
        axes.set(xlabel="training points n", xlim=(-0.15, 280))
        axes.set_xticks(ns, [str(n) for n in ns])
        axes.minorticks_off()
    left.set(ylabel="mean squared error over the cube", ylim=(-0.05, 2.0))
    right.set(ylabel="learnability", ylim=(-0.08, 1.08))
    entries = [(f"k = {k}", {"color": COLOURS[i], "ls": LINES[i]}) for i, k in enumerate(data["ks"])]
    key(right, entries, loc="upper left", title="parity of k bits")
    key(left, [("theory", LINE), ("kernel", TRIANGLE), ("networks", DOT)], loc="upper right")
    return figure
