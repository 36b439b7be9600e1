"""Show a widget where there is a notebook to show it, and something to read everywhere else."""

from __future__ import annotations

import base64
import sys
from typing import Any


def in_notebook() -> bool:
    """Whether this process is a Jupyter kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def show(widget: Any, text: str, png: bytes | None = None) -> None:
    """Display the widget together with what stands for it in a front end without widgets (or in a saved notebook).

    One output carries all three kinds; a front end shows the richest that it can.
    """
    from IPython.display import display

    bundle: dict[str, Any] = dict(widget._repr_mimebundle_()) if widget is not None else {}
    bundle["text/plain"] = text
    if png is not None:
        bundle["image/png"] = base64.b64encode(png).decode("ascii")
    display(bundle, raw=True)


def widgets() -> Any:
    """The ipywidgets package, or None where it is not installed."""
    try:
        import ipywidgets
    except ImportError:
        return None
    return ipywidgets
