"""In this process: functions that raise, in place of those a lab withholds, and the way to the true ones."""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from ntklab.lab.withheld import WITHHELD, WithheldError, closure, is_stripped, message

__all__ = ["lift", "reference", "withhold"]

# What is withheld in this process: id of an original -> (original, stand-in), and the same from stand-ins back.
_stand_ins: dict[int, tuple[Any, Any]] = {}
_originals: dict[int, tuple[Any, Any]] = {}
_inits: dict[type, tuple[Any, Any]] = {}
_places: tuple[int, list[tuple[dict[str, Any], str]]] = (0, [])  # modules looked through; where the library holds them
_lifted = 0


def withhold(lab: str) -> None:
    """Withhold the lab's functions in this process, in every module of the library that holds them.

    A lab that was started before is lifted first. Starting the same lab twice changes nothing.
    """
    if is_stripped() and lab in WITHHELD:
        return  # nothing is left here to withhold, and reading the library takes more than half a second
    found = closure(lab)
    lift()
    for (module_name, name), (told, exercise) in found.items():
        original = getattr(importlib.import_module(module_name), name, None)
        if isinstance(original, type):
            own = vars(original).get("__init__")
            _inits[original] = (own, _raiser(own or object.__init__, told, exercise))
        elif callable(original):
            stand_in = _raiser(original, told, exercise)
            _stand_ins[id(original)] = (original, stand_in)
            _originals[id(stand_in)] = (stand_in, original)
    _forget()
    _put(_stand_ins, now=1)


def lift() -> None:
    """Give the true functions back."""
    _put(_originals, now=0)
    for table in (_stand_ins, _originals, _inits):
        table.clear()
    _forget()


def _raiser(original: Any, told: str, exercise: str) -> Callable[..., NoReturn]:
    @functools.wraps(original)
    def stand_in(*args: Any, **kwargs: Any) -> NoReturn:
        raise WithheldError(message(told, exercise))

    del stand_in.__wrapped__  # it would hand the original out
    return stand_in


def _put(table: dict[int, tuple[Any, Any]], now: int) -> None:
    for names, name in _held():
        value = names.get(name)
        if id(value) in table and table[id(value)][0] is value:
            names[name] = table[id(value)][1]
    for cls, inits in _inits.items():
        if inits[now] is not None:
            type.__setattr__(cls, "__init__", inits[now])
        elif "__init__" in vars(cls):  # it had none of its own: its parent's is the true one
            type.__delattr__(cls, "__init__")


def _held() -> list[tuple[dict[str, Any], str]]:
    """Where modules of the library hold a withheld function or its stand-in; looked up again after any import."""
    global _places
    if _places[0] != len(sys.modules):
        held = [
            (vars(module), attribute)
            for name, module in list(sys.modules.items())
            if name == "ntklab" or name.startswith("ntklab.")
            for attribute, value in vars(module).items()
            if id(value) in _stand_ins or id(value) in _originals
        ]
        _places = (len(sys.modules), held)
    return _places[1]


def _forget() -> None:
    global _places
    _places = (0, [])


@contextlib.contextmanager
def _given_back() -> Iterator[None]:
    global _lifted
    if not _lifted:
        _put(_originals, now=0)
    _lifted += 1
    try:
        yield
    finally:
        _lifted -= 1
        if not _lifted:
            _put(_stand_ins, now=1)


def reference(name: str) -> Any:
    """The true library object of a public name, for hidden tests, even where the lab withholds it.

    >>> reference("_check.integer")("n", 3)
    3
    """
    module_name, _, attribute = name.removeprefix("ntklab.").rpartition(".")
    try:
        value = getattr(importlib.import_module(f"ntklab.{module_name}"), attribute)
    except (ImportError, AttributeError):
        raise ValueError(f"the library has no {name}: give a public name such as 'kernels.relu_kappa'") from None
    value = _originals.get(id(value), (None, value))[1]
    if isinstance(value, type) or not callable(value):
        return value

    @functools.wraps(value)
    def true(*args: Any, **kwargs: Any) -> Any:
        with _given_back():
            return value(*args, **kwargs)

    return true
