"""The three kinds of region in a source cell, and what cutting them leaves.

A region opens with a line that holds ``BEGIN NAME`` and closes with one that holds ``END NAME``, nbgrader's rule.
"""

from __future__ import annotations

import re

from ntklab.authoring.errors import AuthoringError

SOLUTION = "SOLUTION"
HIDDEN_TESTS = "HIDDEN TESTS"
MARK_SCHEME = "MARK SCHEME"
NAMES = (SOLUTION, HIDDEN_TESTS, MARK_SCHEME)

# What nbgrader writes in place of a solution region.
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)


def regions(text: str, name: str) -> list[tuple[int, int]]:
    """The line numbers (of the BEGIN line and of the END line) of each region called ``name``.

    Raises:
        AuthoringError: a marker without its partner, or one region inside another of the same name.

    >>> regions("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION", "SOLUTION")
    [(1, 3)]
    """
    found = []
    opened = None
    for number, line in enumerate(text.split("\n")):
        if f"BEGIN {name}" in line:
            if opened is not None:
                raise AuthoringError(f"BEGIN {name} stands inside another one: close the first with END {name}")
            opened = number
        elif f"END {name}" in line:
            if opened is None:
                raise AuthoringError(f"END {name} has no BEGIN {name} before it")
            found.append((opened, number))
            opened = None
    if opened is not None:
        raise AuthoringError(f"BEGIN {name} is never closed: add END {name}")
    return found


def inside(text: str, name: str) -> str:
    """The lines within the regions called ``name``, without the markers."""
    lines = text.split("\n")
    return "\n".join("\n".join(lines[begin + 1 : end]) for begin, end in regions(text, name))


def cut(text: str, name: str, put: tuple[str, ...] = ()) -> str:
    """The text without its regions called ``name``; the lines ``put`` stand there instead, as far indented.

    >>> print(cut("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION", "SOLUTION", ("pass",)))
    def f():
        pass
    """
    lines = text.split("\n")
    for begin, end in reversed(regions(text, name)):
        indent = re.match(r"\s*", lines[begin]).group(0)  # type: ignore[union-attr]  # \s* always matches
        lines[begin : end + 1] = [indent + line for line in put]
    return "\n".join(lines)


def stub(text: str, code: bool = True) -> str:
    """What a student finds in place of a solution cell: nbgrader's rule, which empties a cell without markers."""
    put = CODE_STUB if code else TEXT_STUB
    return cut(text, SOLUTION, put) if regions(text, SOLUTION) else "\n".join(put)
