"""The style of all figures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

# Dark to light in grey, too: blue, vermilion, green, sky, purple (after Okabe and Ito), told apart by markers as well.
COLOURS = ("#0b4f8a", "#c8501e", "#1b8a5a", "#58a6d6", "#8a4f9e")
MARKERS = ("o", "s", "D", "v", "P")
KERNEL, NETWORK = "^", "o"
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))


def panels(columns: int, rows: int = 1, size: tuple[float, float] | None = None) -> tuple[Any, Any]:
    """A figure of its own (no global state) and its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size or (4.0 * columns, 3.4 * rows), layout="constrained")
    return figure, figure.subplots(rows, columns)


def kernels(axes: Any, x: Any, y: Any, bars: Any = None, colour: str = COLOURS[0], **options: Any) -> Any:
    """What kernel regression or a kernel gave: hollow triangles."""
    return _points(axes, x, y, bars, colour, {"marker": KERNEL, "mfc": "white", "ms": 6, "zorder": 3, **options})


def networks(axes: Any, x: Any, y: Any, bars: Any = None, colour: str = COLOURS[0], **options: Any) -> Any:
    """What networks gave: filled dots."""
    return _points(axes, x, y, bars, colour, {"marker": NETWORK, "ms": 4.5, "mew": 0, "zorder": 4, **options})


def _points(axes: Any, x: Any, y: Any, bars: Any, colour: str, options: dict[str, Any]) -> Any:
    return axes.errorbar(x, y, bars, color=colour, ls="none", elinewidth=0.9, capsize=1.5, **options)


def plain_log_ticks(axes: Any) -> None:
    """Ticks 1, 2, 5 of each decade as plain numbers, on a logarithmic y axis that spans few decades."""
    low, high = axes.get_ylim()
    ticks = [m * 10.0**e for e in range(-9, 10) for m in (1, 2, 5) if low <= m * 10.0**e <= high]
    axes.set_yticks(ticks, [f"{tick:.10g}" for tick in ticks])
    axes.minorticks_off()


def key(axes: Any, entries: list[tuple[str, dict[str, Any]]], **options: Any) -> Any:
    """A legend of entries given by their look, and not by what happens to be drawn."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], label=label, **{"color": "0.25", **look}) for label, look in entries]
    legend = axes.legend(handles=handles, **options)
    axes.add_artist(legend)  # a second legend would drop the first
    return legend


LINE: dict[str, Any] = {}
TRIANGLE: dict[str, Any] = {"marker": KERNEL, "mfc": "white", "ls": "none", "ms": 6}
DOT: dict[str, Any] = {"marker": NETWORK, "ls": "none", "mew": 0, "ms": 4.5}


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """Within this block matplotlib draws in the course's style."""
    import matplotlib as mpl
    from cycler import cycler

    with mpl.rc_context(
        {
            "figure.figsize": (8.0, 3.4),
            "figure.dpi": 110,
            "savefig.dpi": 160,
            "savefig.bbox": "tight",
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 10.5,
            "axes.titlelocation": "left",
            "axes.prop_cycle": cycler(color=COLOURS),
            "legend.frameon": False,
            "lines.linewidth": 1.6,
            "lines.markersize": 5,
            "svg.hashsalt": "ntklab",
        }
    ):
        yield
