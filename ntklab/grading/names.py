"""Which names a cell takes from others and which it gives, read from its text without running it."""

from __future__ import annotations

import symtable


def names_used(source: str) -> set[str]:
    """The names a cell takes from outside itself (empty if it does not parse); a function's own locals do not count."""
    try:
        scopes = [symtable.symtable(source, "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    top = scopes[0]
    own = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    names = set[str]()
    while scopes:
        scope = scopes.pop()
        scopes.extend(scope.get_children())
        names |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (scope is top or s.is_global())}
    return names - own


def names_defined(source: str) -> set[str]:
    """The names that a cell's own statements bind (empty if it does not parse)."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
