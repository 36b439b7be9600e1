"""Quiz and slider: with widgets in a kernel, as text and small multiples everywhere else."""

from __future__ import annotations

import base64
import os

import nbformat
import numpy as np
import pytest
from jupyter_client.manager import AsyncKernelManager
from matplotlib.figure import Figure
from nbclient import NotebookClient

from ntklab import lab
from ntklab.lab import display, quizzes, sliders

PNG = b"\x89PNG\r\n\x1a\n"
CHOICES = {"half": "Right: κ(1) = 1.", "twice": "That is the printed one."}


def bars(width, shade=0):
    figure = Figure(figsize=(2, 1.5))
    figure.subplots().bar(range(3), np.arange(3) * width, color=str(shade))
    return figure


# --- quiz ----------------------------------------------------------------------------------------------------


def test_a_quiz_outside_jupyter_is_text_and_gives_nothing_away(capsys):
    assert lab.quiz("Which?", CHOICES, right="half") is None
    assert capsys.readouterr().out == "Which?\n  a) half\n  b) twice\n"


@pytest.mark.parametrize(
    ("choices", "right", "message"),
    [
        ({"a": "yes"}, "a", "choices must hold at least two choices; got 1"),
        ({"a": "yes", "b": " "}, "a", "choices must give feedback on every choice; 'b' has none"),
        ({"a": "yes", "b": "no"}, "c", "right must be one of the choices 'a', 'b'; got 'c'"),
    ],
)
def test_a_quiz_that_cannot_be_answered(choices, right, message):
    with pytest.raises(ValueError, match=message):
        lab.quiz("?", choices, right=right)


def test_every_choice_gets_its_feedback():
    box = quizzes._buttons("Which?", CHOICES, "half")
    _, buttons, feedback = box.children
    assert (buttons.options, buttons.value, feedback.value) == (("half", "twice"), None, "")
    buttons.value = "twice"
    assert feedback.value == "<b>✗</b> That is the printed one."
    buttons.value = "half"
    assert feedback.value == "<b>✓</b> Right: κ(1) = 1."
    buttons.value = None
    assert feedback.value == ""


# --- slider --------------------------------------------------------------------------------------------------


def test_a_slider_outside_jupyter_is_small_multiples():
    figure = lab.slider(bars, width=[1, 2, 4, 8], shade=[0.5, 0.1])
    assert [axes.get_title() for axes in figure.axes] == ["width = 1", "width = 2", "width = 4", "width = 8"]
    images = [axes.images[0].get_array() for axes in figure.axes]
    assert all(image.std() > 0.05 for image in images)  # something is drawn in each
    assert not np.array_equal(images[0], images[3][: images[0].shape[0], : images[0].shape[1]])


def test_the_sliders_redraw_the_picture_once_for_each_choice():
    drawn = []

    def picture(**chosen):
        drawn.append(chosen)
        return repr(chosen).encode()

    box = sliders._widget(picture, {"width": [1, 2], "shade": [0.5, 0.1]})
    width, shade, image = box.children
    assert [label for label, _ in width.options] == ["1", "2"]
    width.value = 2
    shade.value = 0.1
    assert drawn == [{"width": 1, "shade": 0.5}, {"width": 2, "shade": 0.5}, {"width": 2, "shade": 0.1}]
    assert image.value == b"{'width': 2, 'shade': 0.1}"


def test_a_picture_is_drawn_once_however_often_it_is_shown(monkeypatch):
    drawn = []

    def draw(width):
        drawn.append(width)
        return bars(width)

    monkeypatch.setattr(display, "in_notebook", lambda: True)
    shown = []
    monkeypatch.setattr(display, "show", lambda widget, text, png: shown.append((widget, text, png)))
    assert lab.slider(draw, width=[1, [2, 3][0]], alt="bars that grow") is None
    ((widget, text, png),) = shown
    assert drawn == [1, 2]
    assert text == "bars that grow"
    assert png.startswith(PNG)
    slider, image = widget.children
    slider.value = 2
    assert drawn == [1, 2]
    assert bytes(image.value).startswith(PNG)


def test_a_slider_without_an_alt_text_names_its_panels(monkeypatch):
    monkeypatch.setattr(display, "in_notebook", lambda: True)
    shown = []
    monkeypatch.setattr(display, "show", lambda widget, text, png: shown.append(text))
    lab.slider(bars, width=[1, 2])
    assert shown == ["one figure for each of width = 1, width = 2"]


def test_what_a_slider_cannot_draw():
    with pytest.raises(ValueError, match="slider needs at least one name with its values"):
        lab.slider(bars)
    with pytest.raises(ValueError, match="width must hold at least one value"):
        lab.slider(bars, width=[])
    with pytest.raises(TypeError, match="draw must return a matplotlib Figure; it returned NoneType"):
        lab.slider(lambda width: None, width=[1])


# --- in a kernel, with nobody to look ------------------------------------------------------------------------

CELLS = {
    "quiz": 'from ntklab import lab\nlab.quiz("Which?", {"half": "Yes.", "twice": "No."}, right="half")',
    "slider": (
        "import matplotlib.pyplot as plt\n\n\ndef draw(width):\n    fig, ax = plt.subplots(figsize=(2, 1.5))\n"
        "    ax.plot(range(width))\n    return fig\n\n\nlab.slider(draw, alt='lines', width=[2, 4])"
    ),
    "failing": 't = lab.tests("f")\nt.close("one", lambda: 1.0, 2.0, mistakes={"you forgot the two": 1.0})\nt.report()',
}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each cell leaves in a notebook that is run headless."""
    new = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(cells=[new(text, id=name) for name, text in CELLS.items()])
    address = {} if os.name == "nt" else {"transport": "ipc", "ip": str(tmp_path_factory.mktemp("k") / "k")}
    kernel = AsyncKernelManager(kernel_name="python3", **address)
    NotebookClient(notebook, km=kernel, allow_errors=True, store_widget_state=False).execute(cleanup_kc=True)
    return {cell.id: cell.outputs for cell in notebook.cells}


WIDGET = "application/vnd.jupyter.widget-view+json"


def test_a_quiz_in_a_kernel_carries_widget_and_text(outputs):
    (output,) = outputs["quiz"]
    assert output.data["text/plain"] == "Which?\n  a) half\n  b) twice"
    assert WIDGET in output.data


def test_a_slider_in_a_kernel_carries_widget_picture_and_alt_text_and_nothing_twice(outputs):
    (output,) = outputs["slider"]
    assert output.data["text/plain"] == "lines"
    assert base64.b64decode(output.data["image/png"]).startswith(PNG)
    assert WIDGET in output.data


def test_a_failing_test_shows_its_diagnosis_and_no_traceback(outputs):
    (output,) = outputs["failing"]
    assert output.ename == "TestsFailed"
    assert output.traceback == ["f: 0 of 1 visible tests pass.\n  ✗ one: you forgot the two"]
