"""What a notebook calls: start a lab, its tests, quiz, hints and sliders.

::

    lab.start("lab03-two-layer-ntk")      # in the setup cell
    t = lab.tests("relu_kappa")           # in a test cell; ends with t.report()
    lab.hint("relu_kappa")                # the next hint
"""

from __future__ import annotations

from ntklab._course import UsageError
from ntklab.lab import display, hints, notebooks, stand_ins
from ntklab.lab.checks import AnswerError, Tests, TestsFailed, on_trusted_side, tests
from ntklab.lab.quizzes import quiz
from ntklab.lab.sliders import slider
from ntklab.lab.stand_ins import reference
from ntklab.lab.withheld import WithheldError

__all__ = [
    "AnswerError",
    "Tests",
    "TestsFailed",
    "WithheldError",
    "hint",
    "quiz",
    "reference",
    "slider",
    "start",
    "tests",
]

_started: str | None = None


def start(name: str) -> None:
    """Begin the lab called ``name``: the library functions that it asks you to write now say so when called.

    Raises:
        ValueError: no lab is called so.
    """
    global _started
    if on_trusted_side():  # a grader's own process: it holds no student code, and draws figures after grading
        return
    stand_ins.withhold(name)
    _started = name


def hint(exercise: str, lab: str | None = None) -> None:
    """Show the next hint for ``exercise`` of the lab that was started (or of ``lab``, a name or a notebook's path)."""
    name = lab or _started
    if name is None:
        print('Which lab? Run the setup cell first, or name it: lab.hint("relu_kappa", lab="lab03")')
        return
    try:
        text = str(hints.next_hint(notebooks.find(name), exercise))
    except UsageError as error:  # one line in a notebook too
        print(error)
        return
    if display.in_notebook():
        from IPython.display import Markdown
        from IPython.display import display as show

        title, _, body = text.partition("\n")
        show(Markdown(f"**{title}**\n\n{body}"))
    else:
        print(text)
