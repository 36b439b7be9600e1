"""Test cells, held to the grader's rules as far as their text shows.

A test cell may use the setup cell's names, ntklab, NumPy and the exercises, nothing else: it also runs where no other
cell of the notebook has. Only values go to an exercise and come back, never functions.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Any

from ntklab.authoring.parts import exercises
from ntklab.authoring.source import role
from ntklab.lab.withheld import withheld_names

_Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_PACKAGES = ("ntklab", "numpy")


def problems_in_tests(source: Any) -> list[str]:
    """One line for each rule that a visible or hidden test cell breaks."""
    names = {exercise.name for exercise in exercises(source)}
    setup = [tree for cell in source.cells if role(cell) == "setup" and (tree := parsed(cell.source))]
    known = names.union(*map(bound, setup))
    functions = names | {node.name for tree in setup for node in tree.body if isinstance(node, ast.FunctionDef)}
    withheld = withheld_names(source.metadata.get("ntklab", {}).get("lab", ""))
    problems = []
    for cell in source.cells:
        kind = role(cell)
        if cell.cell_type != "code":
            continue
        tree = parsed(cell.source)
        if tree is None:
            problems.append(f"cell {cell.id!r} is not plain Python (magics do not run on the grader's side)")
            continue
        found = []
        if kind in ("visible", "hidden"):
            found += _foreign_names(tree, known)
            found += _foreign_imports(tree)
            found += _only_values(tree, names, functions)
            found += _frame(tree, cell.metadata.ntklab["exercise"], kind)
        if kind == "visible" and "lab.reference" in cell.source:
            found.append("visible tests use hand values and laws, never lab.reference (it is for hidden tests)")
        for name in sorted(_dotted_names(tree) & withheld):
            found.append(f"uses {name}, which this lab withholds (hidden tests may use lab.reference({name!r}))")
        problems += [f"cell {cell.id!r}: {problem}" for problem in found]
    return problems


def parsed(text: str) -> ast.Module | None:
    """The cell's tree, or None if it is not Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def bound(tree: ast.Module) -> set[str]:
    """The names that a cell leaves behind."""
    found = set()
    for node in _own_scope(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return found


def _own_scope(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of the scopes within it."""
    for child in ast.iter_child_nodes(tree):
        yield child
        if not isinstance(child, _Scope + _COMPREHENSIONS):
            yield from _own_scope(child)


def free(tree: ast.AST) -> set[str]:
    """The names that a cell takes from outside."""
    import symtable

    table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    return _free(table)


def _free(table: Any) -> set[str]:
    found = set()
    for symbol in table.get_symbols():
        if symbol.is_global() or table.get_type() == "module":
            if symbol.is_referenced() and not (table.get_type() == "module" and symbol.is_local()):
                found.add(symbol.get_name())
    for child in table.get_children():
        found |= _free(child)
    return found


def _foreign_names(tree: ast.Module, allowed: set[str]) -> list[str]:
    own = bound(tree)
    return [
        f"uses the name {name!r}, which is neither in the setup cell, nor an exercise, nor set in this cell"
        for name in sorted(free(tree) - own - allowed - set(dir(builtins)))
    ]


def _foreign_imports(tree: ast.Module) -> list[str]:
    packages = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            packages |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            packages.add((node.module or "").split(".")[0])
    return [f"imports {name}: test cells use ntklab and NumPy" for name in sorted(packages - set(_PACKAGES))]


def _only_values(tree: ast.Module, names: set[str], known_functions: set[str]) -> list[str]:
    functions = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    functions |= {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    functions |= known_functions
    problems = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Name) and call.func.id in names:
            for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                what = _function_in(argument, functions)
                if what:
                    problems.append(f"passes {what} to {call.func.id}: only values may cross, never functions")
        inner = call.func
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in names:
            problems.append(f"calls what {inner.func.id} returns: only values may cross, never functions")
    return problems


def _function_in(argument: ast.expr, functions: set[str]) -> str | None:
    """How an argument is seen to be a function, if it is."""
    if isinstance(argument, ast.Lambda):
        return "a lambda"
    if isinstance(argument, ast.Name) and argument.id in functions:
        return f"the function {argument.id}"
    if isinstance(argument, ast.Attribute) and isinstance(argument.value, ast.Name) and argument.value.id == "np":
        import numpy as np

        value = getattr(np, argument.attr, None)
        return f"np.{argument.attr}" if callable(value) and not isinstance(value, type) else None
    if isinstance(argument, (ast.Tuple, ast.List)):
        return next((what for item in argument.elts if (what := _function_in(item, functions))), None)
    return None


def _frame(tree: ast.Module, exercise: str, kind: str) -> list[str]:
    """A test cell opens ``t = lab.tests(exercise)`` and ends with ``t.report()``, or a failing check goes unseen."""
    problems = []
    opened = [
        call
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("lab.tests", "tests")
    ]
    if len(opened) != 1:
        return [f"opens {len(opened)} times `lab.tests({exercise!r})`, not once"]
    wanted = f"lab.tests({exercise!r}, hidden=True)" if kind == "hidden" else f"lab.tests({exercise!r})"
    if ast.unparse(opened[0]) != wanted:
        problems.append(f"opens {ast.unparse(opened[0])}, not {wanted}")
    last = tree.body[-1]
    if not (isinstance(last, ast.Expr) and ast.unparse(last).endswith(".report()")):
        problems.append("does not end with t.report(): without it a wrong answer passes")
    if sum(ast.unparse(node).endswith(".report()") for node in ast.walk(tree) if isinstance(node, ast.Call)) > 1:
        problems.append("calls report() more than once")
    checks = ("close", "holds", "raises")
    if not any(isinstance(node, ast.Attribute) and node.attr in checks for node in ast.walk(tree)):
        problems.append("checks nothing: use t.close, t.holds or t.raises")
    return problems


def _dotted_names(tree: ast.Module) -> set[str]:
    """``kernels.relu_kappa`` for ``kernels.relu_kappa``, ``ntklab.kernels.relu_kappa`` and imports from the module."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(ast.unparse(node).removeprefix("ntklab."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ntklab."):
            module = str(node.module).removeprefix("ntklab.")
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found
