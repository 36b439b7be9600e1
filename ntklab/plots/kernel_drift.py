"""Change by training against width."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntklab.plots.style import COLOURS, DOT, LINES, key, networks, panels, plain_log_ticks


def draw(data: dict[str, Any]) -> Any:
    """Left: kernel. Right: representation."""
    figure, axes = panels(2, size=(8.6, 3.5))
    widths = data["widths"]
    for panel, name in zip(axes, ("drift", "change"), strict=True):
        entries = []
        for i, activation in enumerate(data["activations"]):
            values, slope = data[name][i], data[f"{name}_slope"][i]
            law = -0.5 if name == "change" else slope if activation == "relu" else -1.0
            centre = np.exp(np.log(values).mean() - law * np.log(widths).mean())
            panel.plot(widths, centre * widths**law, color=COLOURS[i], ls=LINES[i], lw=1.2)
            look = {"marker": "os"[i], "ms": (4.5, 4)[i]}
            networks(panel, widths, values, data[f"{name}_se"][i], colour=COLOURS[i], **look)
            label = f"{activation}: slope {slope:.2f}".replace("-", "−")
            entries.append((label, {**DOT, **look, "color": COLOURS[i], "ls": LINES[i], "lw": 1.2}))
        panel.set(xscale="log", yscale="log", xlabel="width")
        panel.set_xticks(widths, [f"{width}" for width in widths])
        plain_log_ticks(panel)
        key(panel, entries, loc="lower left")
    axes[0].set_ylabel("relative change of the kernel")
    axes[1].set_ylabel("relative change of the preactivations")
    return figure
