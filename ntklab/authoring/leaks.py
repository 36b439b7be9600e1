"""Does the student notebook say what it must not? Whole statements are compared as runs of tokens, not file names.

A statement of a solution or of a hidden test, stripped of comments and layout, is an n-gram; it leaks if it stands
anywhere in the student notebook: in another cell's code, in a text, in a hint. So does the right-hand side alone of a
long assignment or return. Statements that tell nothing are exempt: short ones (``return out``), imports, ``raise``,
shapes (``n = X.shape[0]``) and a hidden test's inputs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from ntklab.authoring import markers
from ntklab.authoring.source import role

SHORTEST_STATEMENT = 6  # tokens: `theta = np.arccos(xi)` has 6
SHORTEST_VALUE = 12
SHORTEST_SENTENCE = 8  # words of a model answer or mark scheme

_TOKEN = re.compile(r"\w+|[^\w\s()]")  # blind to brackets: (a, b) and a, b are one statement


def leaks(source: Any, student: Any) -> list[str]:
    """One line for each statement of a solution, hidden test, model answer or mark scheme that students can read.

    Args:
        source: the source notebook.
        student: the notebook that would be handed out.
    """
    released = [(cell, _tokens(cell.source)) for cell in student.cells]
    problems = []
    for secret, owner, kind in _secrets(source):
        for cell, tokens in released:
            if _contains(tokens, secret) and not _is_visible_twin(cell, owner, kind):
                shown = " ".join(secret)
                problems.append(f"{owner}: a {kind} stands in the student notebook's cell {cell.id!r}: {shown[:100]}")
    return problems + _marker_lines(student)


def _marker_lines(student: Any) -> list[str]:
    words = [f"{edge} {name}" for name in markers.NAMES for edge in ("BEGIN", "END")]
    return [
        f"the student notebook's cell {cell.id!r} still holds a marker {word!r}"
        for cell in student.cells
        for word in words
        if word in cell.source
    ]


def _is_visible_twin(cell: Any, owner: str, kind: str) -> bool:
    """A hidden test may repeat a check of its own visible cell: that one is shown on purpose."""
    about = cell.metadata.get("ntklab", {})
    return kind == "hidden test" and about.get("role") == "visible" and about.get("exercise") == owner


def _secrets(source: Any) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each n-gram with the exercise it belongs to and what it is."""
    for cell in source.cells:
        owner = cell.metadata.get("ntklab", {}).get("exercise", cell.id)
        kind = role(cell)
        if kind == "answer":
            for statement in statements(cell.source, markers.SOLUTION):
                if getattr(statement, "name", None) != owner:  # the signature is no secret
                    yield from ((secret, owner, "solution statement") for secret in _ngrams(statement))
        elif kind == "hidden":
            for statement in statements(cell.source, markers.HIDDEN_TESTS):
                if not _draws(statement):
                    yield from ((s, owner, "hidden test") for s in _ngrams(statement)[:1])
        elif kind == "written":
            solution = markers.inside(cell.source, markers.SOLUTION) or cell.source
            for sentence in re.split(r"(?<=[.!?:;])\s|\n", solution):
                words = tuple(re.findall(r"\w+", sentence))
                if len(words) >= SHORTEST_SENTENCE:
                    yield tuple(_tokens(sentence.strip(" *-"))), owner, "sentence of the model answer or mark scheme"


def statements(cell: str, region: str) -> Iterator[ast.stmt]:
    """The statements within the regions; of a compound statement its parts (a ``for`` line, then its body)."""
    spans = markers.regions(cell, region)
    for node in ast.walk(ast.parse(cell)):
        # ast counts lines from 1, regions from 0; a region's lines lie strictly between its markers
        if isinstance(node, ast.stmt) and any(begin < node.lineno - 1 < end for begin, end in spans):
            yield node


def _ngrams(statement: ast.stmt) -> list[tuple[str, ...]]:
    """The statement's tokens, and those of the value it assigns or returns, where they are long enough to tell."""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Raise)) or _is_text(statement) or _is_shape(statement):
        return []
    found = []
    head = tuple(_TOKEN.findall(_head(statement)))
    if len(head) >= SHORTEST_STATEMENT:
        found.append(head)
    value = getattr(statement, "value", None)
    if isinstance(value, ast.expr):
        tokens = tuple(_TOKEN.findall(ast.unparse(value)))
        if len(tokens) >= SHORTEST_VALUE and tokens != head:
            found.append(tokens)
    return found


def _head(statement: ast.stmt) -> str:
    """A compound statement's first line."""
    text = ast.unparse(statement)
    return text.split("\n", 1)[0] if hasattr(statement, "body") else text


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_shape(statement: ast.stmt) -> bool:
    """Whether the statement only names a length or a shape, as any other code may too."""
    value = getattr(statement, "value", None)
    if not isinstance(statement, ast.Assign) or value is None:
        return False
    shape = r"len\([\w.]+\)|[\w.]+\.(shape|ndim|size|dtype)(\[-?\d+\])?"
    return re.fullmatch(shape, ast.unparse(value)) is not None


def _draws(statement: ast.stmt) -> bool:
    """Whether a hidden test's statement only draws or lays out inputs: those differ at every run."""
    return isinstance(statement, (ast.Assign, ast.AnnAssign)) and "lab.reference" not in ast.unparse(statement)


def _tokens(text: str) -> list[str]:
    """Words and signs, blind to layout, quotes, digits' separators and comments' signs."""
    try:
        # code in one canonical form: parentheses, quotes and spacing as ast writes them
        text = ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError):
        text = text.replace('"', "'")
    return _TOKEN.findall(text)


def _contains(tokens: list[str], secret: tuple[str, ...]) -> bool:
    n = len(secret)
    first = secret[0]
    return any(tokens[i] == first and tuple(tokens[i : i + n]) == secret for i in range(len(tokens) - n + 1))
