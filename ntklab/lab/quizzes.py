"""A question with feedback on every choice. It is worth no points and nothing is sent anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ntklab.lab import display


def quiz(question: str, choices: Mapping[str, str], right: str) -> None:
    """Ask ``question``: radio buttons in a notebook, the question and its choices as text elsewhere.

    Args:
        question: the question; ``$...$`` is typeset in a notebook.
        choices: choice -> what to tell who takes it.
        right: the right choice, a key of ``choices``.

    Raises:
        ValueError: fewer than two choices, one without feedback, or a right choice that is not among them.

    >>> quiz("What is 1 + 1?", {"2": "Right.", "3": "One too many."}, right="2")
    What is 1 + 1?
      a) 2
      b) 3
    """
    if len(choices) < 2:
        raise ValueError(f"choices must hold at least two choices; got {len(choices)}")
    silent = [choice for choice, feedback in choices.items() if not str(feedback).strip()]
    if silent:
        raise ValueError(f"choices must give feedback on every choice; {silent[0]!r} has none")
    if right not in choices:
        raise ValueError(f"right must be one of the choices {', '.join(map(repr, choices))}; got {right!r}")
    lettered = [f"  {chr(ord('a') + i)}) {choice}" for i, choice in enumerate(choices)]
    text = "\n".join([question, *lettered])
    if display.in_notebook():
        display.show(_buttons(question, choices, right), text)
    else:
        print(text)


def _buttons(question: str, choices: Mapping[str, str], right: str) -> Any:
    widgets = display.widgets()
    if widgets is None:
        return None
    buttons = widgets.RadioButtons(options=list(choices), value=None, layout=widgets.Layout(width="auto"))
    feedback = widgets.HTMLMath()

    def tell(change: dict[str, Any]) -> None:
        choice = change["new"]
        mark = "✓" if choice == right else "✗"
        feedback.value = "" if choice is None else f"<b>{mark}</b> {choices[choice]}"

    buttons.observe(tell, names="value")
    return widgets.VBox([widgets.HTMLMath(f"<b>{question}</b>"), buttons, feedback])
