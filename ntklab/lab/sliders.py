"""A figure that follows a slider in a notebook, and stands as small multiples where nobody can move one."""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

from ntklab.lab import display


def slider(draw: Callable[..., Any], *, alt: str = "", **values: Sequence[Any]) -> Any:
    """Draw a figure for chosen values: ``slider(draw, width=[16, 64, 256])`` calls ``draw(width=16)`` and so on.

    In a notebook one slider per name redraws the figure; the small multiples go along for front ends without widgets
    and for the saved file. In a plain Python process the small multiples are returned.

    Args:
        draw: takes one keyword for each name in ``values`` and returns a matplotlib ``Figure``.
        alt: what the picture shows, for those who cannot see it.
        values: name -> the values to choose from. The small multiples run over the first name's, with the first value
            of every other.

    Returns:
        The small multiples as a ``Figure``, or None in a notebook, where they are displayed.

    Raises:
        ValueError: no name, or a name without values.
        TypeError: ``draw`` returns something else than a ``Figure``.
    """
    values = {name: list(choices) for name, choices in values.items()}
    if not values:
        raise ValueError("slider needs at least one name with its values, such as width=[16, 64]")
    empty = [name for name, choices in values.items() if not choices]
    if empty:
        raise ValueError(f"{empty[0]} must hold at least one value")
    pictures: dict[str, bytes] = {}  # keyed by repr: a value need not be hashable

    def picture(**chosen: Any) -> bytes:
        key = repr(chosen)
        if key not in pictures:
            pictures[key] = _png(draw(**chosen))
        return pictures[key]

    name, *others = values
    rest = {other: values[other][0] for other in others}
    panels = {f"{name} = {value}": picture(**{name: value}, **rest) for value in values[name]}
    multiples = _side_by_side(panels)
    if not display.in_notebook():
        return multiples
    text = alt or f"one figure for each of {', '.join(panels)}"
    display.show(_widget(picture, values), text, _png(multiples))
    return None


def _widget(picture: Callable[..., bytes], values: dict[str, Sequence[Any]]) -> Any:
    widgets = display.widgets()
    if widgets is None:
        return None
    sliders = {
        name: widgets.SelectionSlider(options=[(str(v), v) for v in choices], description=name, continuous_update=False)
        for name, choices in values.items()
    }
    image = widgets.Image(format="png", value=picture(**{name: choices[0] for name, choices in values.items()}))

    def redraw(_change: Any) -> None:
        image.value = picture(**{name: one.value for name, one in sliders.items()})

    for one in sliders.values():
        one.observe(redraw, names="value")
    return widgets.VBox([*sliders.values(), image])


def _png(figure: Any) -> bytes:
    from matplotlib.figure import Figure

    if not isinstance(figure, Figure):
        raise TypeError(f"draw must return a matplotlib Figure; it returned {type(figure).__name__}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight", metadata={"Software": None})
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)  # or the notebook shows it a second time
    return buffer.getvalue()


def _side_by_side(panels: dict[str, bytes]) -> Any:
    from matplotlib.figure import Figure
    from matplotlib.image import imread

    columns = min(len(panels), 2 if len(panels) in (2, 4) else 3)
    rows = math.ceil(len(panels) / columns)
    images = {title: imread(io.BytesIO(png)) for title, png in panels.items()}
    height, width = next(iter(images.values())).shape[:2]
    figure = Figure(figsize=(4.5 * columns, (4.5 * height / width + 0.3) * rows), layout="constrained")
    for i, (title, image) in enumerate(images.items()):
        axes = figure.add_subplot(rows, columns, i + 1)
        axes.imshow(image)
        axes.set_title(title)
        axes.axis("off")
    return figure
