"""Library functions that a lab asks the student to write: withheld in that lab, with whatever gives them away.

The grader's sandbox gets a copy of the library without their bodies (:func:`stripped_copy`); in the student's own
Jupyter and on the grader's trusted side ``stand_ins`` puts a function that raises in place of each. Both take the same
set, :func:`closure`, so an answer that works in Jupyter works when it is graded.
"""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from typing import NoReturn

from ntklab.lab.checks import AnswerError
from ntklab.lab.sources import Library, Node
from ntklab.lab.stripping import copy_without
from ntklab.lab.withheld_table import KEPT, WITHHELD

__all__ = ["WITHHELD", "WithheldError", "closure", "is_stripped", "stripped_copy", "withheld_names"]

_HERE = Path(__file__).resolve().parent.parent
_STRIPPED = "STRIPPED"  # a file that only a stripped copy has


class WithheldError(AnswerError):
    """The function called is one that this lab asks the student to write."""


def message(name: str, exercise: str) -> str:
    """What calling a withheld function says; ``name`` is its public name or the module it helps."""
    return f"you are asked to write this yourself in exercise {exercise} ({name} is withheld in this lab)"


def refuse(text: str) -> NoReturn:
    """Raise a :class:`WithheldError`: what a lambda in a stripped copy calls."""
    raise WithheldError(text)


def closure(lab: str, folder: Path = _HERE) -> dict[Node, tuple[str, str]]:
    """All that is withheld in ``lab``: definition -> (name to tell, exercise that asks for it).

    Args:
        lab: a key of :data:`WITHHELD`.
        folder: where the package's source lies.

    Raises:
        ValueError: an unknown lab, or a name of the table that the library does not have.
    """
    if lab not in WITHHELD:
        begins = [name for name in WITHHELD if lab and name.startswith(lab)]
        near = begins or difflib.get_close_matches(lab, WITHHELD, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(WITHHELD)}"
        raise ValueError(f"no lab is called {lab!r}: {hint}")
    library = _library(folder)
    public = {row: library.public(row) for row in library.rows()}
    table = WITHHELD[lab]
    kept = [node for name, exercise in table.items() if exercise is None for node in _nodes(name, public, library)]
    taken: dict[Node, tuple[str, str]] = {}
    for name in sorted(table, key=lambda name: name.endswith("*")):  # a name of its own before a "*"
        exercise = table[name]
        if exercise is not None:
            for node, told in _nodes(name, public, library).items():
                if node not in kept:
                    taken.setdefault(node, (told, exercise))
    kept += [node for name in KEPT for node in _nodes(name, public, library)]
    needed = library.reach(kept, stop=taken)
    others = {node for names in public.values() for node in names.values()} - set(taken)
    found = dict(taken)
    for node, about in taken.items():
        for helper in library.reach([node], stop=(needed | others | set(taken)) - {node}):
            found.setdefault(helper, about)
    return {node: about for node, about in found.items() if library.computes(node)}


@functools.lru_cache(maxsize=2)
def _library(folder: Path) -> Library:
    return Library(folder)  # reading and parsing every file takes a third of a second


def withheld_names(lab: str) -> set[str]:
    """The public names that ``lab`` withholds; none where no lab is called so."""
    return {told for told, _ in closure(lab).values()} if lab in WITHHELD else set()


def _nodes(name: str, public: dict[str, dict[str, Node]], library: Library) -> dict[Node, str]:
    """The definitions that an entry of the table means, each with its public name."""
    row, _, rest = name.partition(".")
    if rest == "*":
        return {node: f"{row}.{n}" for n, node in public.get(row, {}).items()}
    node = public.get(row, {}).get(rest)
    if node is None:
        module, _, last = name.rpartition(".")
        node = library.find(f"ntklab.{module}", last)
    if node is None:
        raise ValueError(f"the library has no {name}: mend WITHHELD in ntklab/lab/withheld_table.py")
    return {node: name}


def stripped_copy(lab: str, destination: str | Path) -> Path:
    """Write the library to ``destination/ntklab`` with every withheld body replaced by ``raise WithheldError``.

    Nothing of the original text of a file that holds a withheld function is copied: it is written anew from its
    syntax tree, without comments; no compiled file is copied.
    """
    told = {node: message(*about) for node, about in closure(lab).items()}
    copied = copy_without(_library(_HERE), told, Path(destination) / "ntklab")
    (copied / _STRIPPED).write_text(f"{lab}\n", encoding="utf-8")
    return copied


def is_stripped() -> bool:
    """Whether the library imported here is such a copy."""
    return (_HERE / _STRIPPED).is_file()
