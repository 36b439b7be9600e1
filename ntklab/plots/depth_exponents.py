"""Power laws of depth."""

from __future__ import annotations

from typing import Any

from ntklab.plots.style import COLOURS, LINES, key, panels

NAMES = {"relu": "ReLU", "leaky_relu:0.2": "leaky ReLU, 0.2"}


def draw(data: dict[str, Any]) -> Any:
    """Left: the spread δδK₂. Right: the robustness measure. Legends: fitted exponent and its law."""
    figure, axes = panels(2, size=(8.8, 3.9))
    laws = {
        "spread": -data["p"],
        "measure": [1 - p if name in data["smooth"] else 0.0 for name, p in zip(data["names"], data["p"], strict=True)],
    }
    for panel, key_name, place in ((axes[0], "spread", (0.0, 0.0)), (axes[1], "measure", (0.27, 0.3))):
        entries = []
        for i, name in enumerate(data["names"]):
            look = {"color": COLOURS[i], "ls": LINES[i]}
            panel.plot(data["layers"][i], data[key_name][i], **look)
            fitted = f"{data[f'{key_name}_exponent'][i]:+.3f} ({laws[key_name][i]:.3g})".replace("-", "−")
            entries.append((f"{NAMES.get(name, name)}: {fitted}", look))
        panel.set(xscale="log", yscale="log", xlabel="layer ℓ")
        key(panel, entries, loc=place, title="fitted exponent (law)", fontsize=8.5, title_fontsize=8.5)
    axes[0].set_ylabel("distance of the inputs, δδK₂")
    axes[1].set_ylabel("robustness measure, 1 − Θ₋₊/Θ₊₊")
    return figure
