"""Which names a cell takes from others and which it gives, read from its text without running it."""

from __future__ import annotations

import functools
import symtable
from typing import Any

from ntklab.grading.trusted import exercise_of, role_of


@functools.lru_cache(maxsize=1024)  # most cells of a class are the same
def names_used(source: str) -> frozenset[str]:
    """The names a cell takes from outside itself (empty if it does not parse); a function's own locals do not count."""
    try:
        scopes = [symtable.symtable(source, "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    top = scopes[0]
    own = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    names = set[str]()
    while scopes:
        scope = scopes.pop()
        scopes.extend(scope.get_children())
        names |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (scope is top or s.is_global())}
    return frozenset(names - own)


@functools.lru_cache(maxsize=1024)
def names_defined(source: str) -> frozenset[str]:
    """The names that a cell's own statements bind (empty if it does not parse)."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported())


def leaned_on(notebook: Any) -> set[str]:
    """The ids of demo and figure cells that define a name which answers use (an import, a helper): they run too."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    needed = {name for cell in code if role_of(cell) in ("answer", "student") for name in names_used(cell.source)}
    chosen: set[str] = set()
    for cell in reversed(code):  # a chosen cell may itself lean on an earlier one
        if role_of(cell) in ("demo", "figure", "gpu") and names_defined(cell.source) & needed:
            chosen.add(cell.id)
            needed |= names_used(cell.source)
    return chosen


def answers_needed(notebook: Any, exercise: str) -> set[str]:
    """The exercise itself and the exercises whose functions its answer calls, directly or by others."""
    used = {exercise_of(c): names_used(c.source) for c in notebook.cells if role_of(c) == "answer"}
    needed, new = set[str](), {exercise}
    while new:
        needed |= new
        new = {name for user in new for name in used.get(user, frozenset()) & set(used)} - needed
    return needed
