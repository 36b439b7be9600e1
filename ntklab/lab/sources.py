"""The library as a graph read from its source text: which definition uses which, and what a public name stands for.

Nothing is imported to find out. A node is ``(module, name)``, such as ``("ntklab.kernels.deep", "ntk")``, for every
function, class and assigned name at the top of a module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

Node = tuple[str, str]
_PACKAGE = "ntklab"


@dataclass
class Module:
    """One source file: its tree, its definitions and what its names stand for elsewhere."""

    name: str
    path: Path
    tree: ast.Module
    is_package: bool
    definitions: dict[str, ast.stmt] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # local name -> dotted target, from the imports


class Library:
    """Every module of the package that lies in ``folder``."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._used: dict[Node, set[Node]] = {}
        self.modules = {module.name: module for module in map(self._read, sorted(folder.rglob("*.py")))}
        for module in self.modules.values():
            module.names = _imports(module.tree.body, module)

    def _read(self, path: Path) -> Module:
        parts = [_PACKAGE, *path.relative_to(self.folder).with_suffix("").parts]
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        module = Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)), is_package)
        for statement in module.tree.body:
            for defined in _defined(statement):
                module.definitions[defined] = statement
        return module

    def find(self, module: str, name: str) -> Node | None:
        """The node that ``name`` stands for in ``module``, followed through imports; None if it is no definition."""
        for _ in range(20):  # a chain of re-exports is short; a circle ends here
            here = self.modules.get(module)
            if here is None:
                return None
            if name in here.definitions:
                return module, name
            target = here.names.get(name)
            if target is None:
                return None
            module, _, name = target.rpartition(".")
        return None

    def public(self, row: str) -> dict[str, Node]:
        """The public names of a top-level module (``"kernels"``) and the definitions behind them."""
        module = self.modules.get(f"{_PACKAGE}.{row}")
        if module is None:  # a folder of modules without a face of its own
            return {}
        listed = _all_list(module.tree)
        names = listed if listed is not None else [n for n in (*module.definitions, *module.names) if n[0] != "_"]
        found = {name: self.find(module.name, name) for name in names}
        own = f"{module.name}."
        return {
            name: node
            for name, node in found.items()
            if node is not None and (node[0] == module.name or node[0].startswith(own))
        }

    def rows(self) -> list[str]:
        """The top-level modules."""
        return sorted({name.split(".")[1] for name in self.modules if "." in name})

    def uses(self, node: Node) -> set[Node]:
        """The definitions of the library that the node's own text refers to."""
        if node not in self._used:
            self._used[node] = self._find_uses(node)
        return self._used[node]

    def _find_uses(self, node: Node) -> set[Node]:
        module = self.modules[node[0]]
        statement = module.definitions[node[1]]
        names = {**module.names, **_imports(list(ast.walk(statement)), module)}
        found = set()
        for part in ast.walk(statement):
            target = self._target(part, module, names)
            if target is not None and target != node:
                found.add(target)
        return found

    def _target(self, part: ast.AST, module: Module, names: dict[str, str]) -> Node | None:
        if isinstance(part, ast.Name):
            if part.id in names:
                holder, _, name = names[part.id].rpartition(".")
                return self.find(holder, name)
            return (module.name, part.id) if part.id in module.definitions else None
        if isinstance(part, ast.Attribute):
            holder = _dotted(part.value, names)
            return self.find(holder, part.attr) if holder in self.modules else None
        return None

    def reach(self, start: Iterable[Node], stop: Iterable[Node] = ()) -> set[Node]:
        """Everything that the nodes ``start`` use, directly or not, themselves included, never passing ``stop``."""
        stop = set(stop)
        seen: set[Node] = set()
        waiting = [node for node in start if node not in stop]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(self.uses(node) - stop - seen)
        return seen

    def computes(self, node: Node) -> bool:
        """Whether the definition holds code: a function, a class, or a table with lambdas in it."""
        statement = self.modules[node[0]].definitions[node[1]]
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return True
        return any(isinstance(part, ast.Lambda) for part in ast.walk(statement))


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    # `f.attribute = ...` and `table[key] = ...` define nothing: there the name is only read
    return [
        part.id
        for target in targets
        for part in ast.walk(target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    ]


def _imports(statements: Iterable[ast.AST], module: Module) -> dict[str, str]:
    """Local name -> dotted name, for imports from the package itself."""
    names = {}
    for statement in statements:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name.split(".")[0] == _PACKAGE:
                    names[alias.asname or _PACKAGE] = alias.name if alias.asname else _PACKAGE
        elif isinstance(statement, ast.ImportFrom):
            base = statement.module or ""
            if statement.level:
                parents = module.name.split(".")
                parents = parents[: len(parents) - statement.level + module.is_package]
                base = ".".join([*parents, *([statement.module] if statement.module else [])])
            if base.split(".")[0] == _PACKAGE:
                names.update({alias.asname or alias.name: f"{base}.{alias.name}" for alias in statement.names})
    return names


def _dotted(expression: ast.expr, names: dict[str, str]) -> str:
    if isinstance(expression, ast.Name):
        return names.get(expression.id, "")
    if isinstance(expression, ast.Attribute):
        holder = _dotted(expression.value, names)
        return f"{holder}.{expression.attr}" if holder else ""
    return ""


def _all_list(tree: ast.Module) -> list[str] | None:
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and [getattr(t, "id", "") for t in statement.targets] == ["__all__"]:
            return [str(name) for name in ast.literal_eval(statement.value)]
    return None
