"""The style of all figures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

# Dark to light in grey, too: blue, vermilion, green, sky, purple (after Okabe and Ito), told apart by markers as well.
COLOURS = ("#0b4f8a", "#c8501e", "#1b8a5a", "#58a6d6", "#8a4f9e")
MARKERS = ("o", "s", "D", "v", "P")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))


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
