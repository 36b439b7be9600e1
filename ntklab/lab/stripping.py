"""A copy of the library without the bodies of chosen definitions."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

from ntklab.lab.sources import Library, Node


def copy_without(library: Library, told: dict[Node, str], destination: Path) -> Path:
    """Copy the library's folder to ``destination``; the definitions in ``told`` raise ``WithheldError`` with that text.

    A function loses its body and docstring, a class those of all its methods, a table the lambdas in it. A file with
    such a definition is written from its tree: no comment of it survives.
    """
    if destination.exists():
        shutil.rmtree(destination)
    shutil.copytree(library.folder, destination, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for module in library.modules.values():
        here = {name: text for (holder, name), text in told.items() if holder == module.name}
        if here:
            text = ast.unparse(ast.fix_missing_locations(_without(module.tree, here)))
            (destination / module.path.relative_to(library.folder)).write_text(text + "\n", encoding="utf-8")
    return destination


def _without(tree: ast.Module, here: dict[str, str]) -> ast.Module:
    body = []
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name in here:
            body.append(_emptied(statement, here[statement.name]))
        elif isinstance(statement, ast.ClassDef) and statement.name in here:
            methods = {m.name: here[statement.name] for m in statement.body if isinstance(m, ast.FunctionDef)}
            inner = _without(ast.Module(body=statement.body, type_ignores=[]), methods).body
            body.append(_with_body(statement, inner))
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and (text := _assigned_text(statement, here)):
            body.append(_Lambdas(text).visit(ast.parse(ast.unparse(statement)).body[0]))
        else:
            body.append(statement)
    # a docstring, of the module or of a class, may tell the formulas too
    return ast.Module(body=[s for i, s in enumerate(body) if i or not _is_text(s)] or [ast.Pass()], type_ignores=[])


def _emptied(function: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> ast.stmt:
    return _with_body(function, _raises(text))


def _with_body(statement: ast.stmt, body: list[ast.stmt]) -> ast.stmt:
    copy = ast.parse(ast.unparse(statement)).body[0]
    copy.body = body or [ast.Pass()]  # type: ignore[attr-defined]
    return copy


def _raises(text: str) -> list[ast.stmt]:
    return ast.parse(f"from ntklab.lab.withheld import WithheldError\nraise WithheldError({text!r})").body


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _assigned_text(statement: ast.Assign | ast.AnnAssign, here: dict[str, str]) -> str | None:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    return next((here[name] for name in names if name in here), None)


class _Lambdas(ast.NodeTransformer):
    """Every lambda becomes one that raises."""

    def __init__(self, text: str):
        self.text = text

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        call = f"__import__('ntklab.lab.withheld', fromlist=['refuse']).refuse({self.text!r})"
        return ast.Lambda(args=node.args, body=ast.parse(call, mode="eval").body)
