"""A figure by name, and its files."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from typing import Any

from ntklab.experiments import experiment
from ntklab.plots.style import styled


def draw(name: str, data: dict[str, Any]) -> Any:
    """Draw a figure from the data of :func:`ntklab.experiments.run`; a matplotlib ``Figure``.

    Raises:
        ValueError: there is no figure of this name.
    """
    module = importlib.import_module(f"ntklab.plots.{experiment(name).name.replace('-', '_')}")
    with styled():
        return module.draw(data)


def save(figure: Any, stem: Path) -> list[Path]:
    """Write ``stem``.png and ``stem``.pdf, without dates: the same numbers give the same files."""
    from PIL import Image

    paths = [stem.with_name(f"{stem.name}.{kind}") for kind in ("png", "pdf")]
    with styled():
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        figure.savefig(paths[1], metadata={"CreationDate": None, "Creator": None, "Producer": None})
    # a palette of 256 holds what a figure has of colours, in a third of the space
    Image.open(picture).convert("RGB").quantize(256).save(paths[0], optimize=True)
    return paths
