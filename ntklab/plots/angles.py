"""cos ζ by depth, and how it nears 1/4."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntklab.plots.style import COLOURS, LINES, TRIANGLE, kernels, key, panels

NAMES = {"relu": "ReLU", "leaky_relu:0.2": "leaky ReLU, 0.2", "leaky_relu:-1": "absolute value"}


def draw(data: dict[str, Any]) -> Any:
    """Left: cos ζ. Right: its distance from 1/4, on a logarithmic scale."""
    figure, (left, right) = panels(2, size=(8.6, 3.6))
    layers = data["layers"]
    for i in range(len(data["activations"])):
        for j in range(len(data["psis"])):
            look = {"color": COLOURS[i], "ls": LINES[i], "lw": 1.9 if j == 0 else 1.2}
            left.plot(layers, data["cos_zeta"][i, j], **look)
            away = np.abs(data["cos_zeta"][i, j] - 0.25)
            right.plot(layers[away > 0], away[away > 0], **look)
    for j in range(len(data["psis"])):
        kernels(left, data["kernel_depths"], data["kernel"][j], colour=COLOURS[0])
    left.axhline(0.25, color="0.15", ls=(0, (1, 2)), lw=1)
    left.set(xscale="log", xlabel="layer ℓ", ylabel="cos ζ", ylim=(0, 1.05))
    right.set(xscale="log", yscale="log", xlabel="layer ℓ", ylabel="|cos ζ − 1/4|", ylim=(1e-5, 2))
    for psi in data["psis"]:
        for panel, start in ((left, np.cos(psi)), (right, np.cos(psi) - 0.25)):
            panel.annotate(f"ψ = {psi:g}", (1, start), (-2, 4), textcoords="offset points", fontsize=9)
    names = [
        (NAMES.get(name, name), {"color": COLOURS[i], "ls": LINES[i]}) for i, name in enumerate(data["activations"])
    ]
    key(left, [*names, ("ReLU, whole kernel", {**TRIANGLE, "color": COLOURS[0]})], loc="upper right")
    return figure
