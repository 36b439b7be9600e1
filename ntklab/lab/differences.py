"""Why an answer is not the value wanted, in words: shape, nan, a named mistake, a sign, a factor, a transposition.

With ``show=False`` (hidden tests) the words hold no number that comes from the answer: a shape or a count that the
answer may choose could carry a hidden input into the feedback.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Value = Any

# Factors worth naming when an answer is a constant multiple of the right one.
_FACTORS = {
    2.0: "twice",
    0.5: "half",
    4.0: "four times",
    0.25: "a quarter of",
    np.pi: "π times",
    1 / np.pi: "1/π times",
    2 * np.pi: "2π times",
    1 / (2 * np.pi): "1/(2π) times",
    np.sqrt(2): "√2 times",
    1 / np.sqrt(2): "1/√2 times",
    np.sqrt(np.pi): "√π times",
    1 / np.sqrt(np.pi): "1/√π times",
}


def difference(
    answer: Value, wanted: Value, rtol: float, atol: float, mistakes: Mapping[str, Value], show: bool
) -> str | None:
    """Why ``answer`` is not ``wanted``, or None if it is."""
    if answer is None:
        return "it returned None: does the function end in `return`?"
    if isinstance(wanted, dict):
        problem = _dict_difference(answer, wanted, rtol, atol, show)
    elif isinstance(wanted, (tuple, list)) and not _is_numeric(wanted):
        problem = _sequence_difference(answer, wanted, rtol, atol, show)
    elif isinstance(wanted, str):
        if not isinstance(answer, str):
            return f"it should return a string; it returned {_kind(answer)}"
        problem = None if str(answer) == wanted else "it returned the other name" if show else "wrong name"
    else:
        problem = _array_difference(answer, wanted, rtol, atol, show)
    if problem is None:
        return None
    for diagnosis, wrong in mistakes.items():
        wrong_value = wrong() if callable(wrong) else wrong
        if difference(answer, wrong_value, max(rtol, 1e-6), atol, {}, show=False) is None:
            return diagnosis
    return problem


def _dict_difference(answer: Value, wanted: dict[str, Value], rtol: float, atol: float, show: bool) -> str | None:
    if not isinstance(answer, dict):
        return f"it should return a dict with keys {', '.join(map(repr, wanted))}; it returned {_kind(answer)}"
    missing = [key for key in wanted if key not in answer]
    if missing:
        return f"the dict lacks the key {missing[0]!r}"
    for key, value in wanted.items():
        problem = difference(answer[key], value, rtol, atol, {}, show)
        if problem is not None:
            return f"{key!r}: {problem}"
    return None


_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def _sequence_difference(answer: Value, wanted: Value, rtol: float, atol: float, show: bool) -> str | None:
    if not isinstance(answer, (tuple, list)):
        return f"it should return {len(wanted)} things (a tuple); it returned {_kind(answer)}"
    if len(answer) != len(wanted):
        returned = f"it returned {len(answer)}" if show else "it returned another number of them"
        return f"it should return {len(wanted)} things (a tuple); {returned}"
    for i, (got, right) in enumerate(zip(answer, wanted, strict=True)):
        problem = difference(got, right, rtol, atol, {}, show)
        if problem is not None:
            place = _ORDINALS[i] if i < len(_ORDINALS) else f"{i + 1}th"
            return f"the {place} returned value: {problem}"
    return None


def _array_difference(answer: Value, wanted: Value, rtol: float, atol: float, show: bool) -> str | None:
    got, problem = _plain_array(answer)
    if problem is not None:
        return problem
    right = np.asarray(_detach(wanted), dtype=np.float64)
    if got.shape != right.shape:
        hint = " (transposed?)" if got.shape == right.shape[::-1] else ""
        if right.ndim == 0:
            return "it should return one number; it returned an array" + (f" of shape {got.shape}" if show else "")
        if not show:
            return f"its shape is wrong{hint}"
        return f"it should return shape {right.shape}; it returned shape {got.shape}{hint}"
    single = got.dtype in (np.float32, np.float16)
    got = got.astype(np.float64)
    if np.isnan(got).any() and not np.isnan(right).any():
        where = f" (first at index {_first(np.isnan(got))})" if show and got.ndim else ""
        return f"{'some entries are' if got.ndim else 'it is'} nan{where}"
    if np.isinf(got).any() and not np.isinf(right).any():
        where = f" (first at index {_first(np.isinf(got))})" if show and got.ndim else ""
        return f"{'some entries are' if got.ndim else 'it is'} infinite{where}"
    if single:
        scale = float(np.abs(right[np.isfinite(right)]).max(initial=0.0))
        rtol, atol = max(rtol, 1e-4), max(atol, 1e-4 * scale)
    bad = ~np.isclose(got, right, rtol=rtol, atol=atol, equal_nan=True)
    if not bad.any():
        return None
    return _numeric_diagnosis(got, right, bad, rtol, atol, show)


def _numeric_diagnosis(
    got: np.ndarray, right: np.ndarray, bad: np.ndarray, rtol: float, atol: float, show: bool
) -> str:
    """Name a sign, a constant factor or a transposition; else say how many entries are wrong."""

    def same(candidate: np.ndarray) -> bool:
        return bool(np.allclose(got, candidate, rtol=max(rtol, 1e-6), atol=atol))

    if np.any(right != 0):
        if same(-right):
            return "the sign is wrong: your answer is minus the right one"
        for factor, words in _FACTORS.items():
            if same(factor * right):
                return f"your answer is {words} the right one"
    if right.ndim == 2 and right.shape[0] == right.shape[1] and same(right.T):
        return "your answer is the transpose of the right one"
    if not show:
        return "wrong value" if right.ndim == 0 else "some entries are wrong"
    if right.ndim == 0:
        return f"wrong value (you returned {got.item():.6g})"
    place = _first(bad)
    return (
        f"{bad.sum()} of {bad.size} entries are wrong; the first is at index {place}, where you have {got[place]:.6g}"
    )


def _plain_array(answer: Value) -> tuple[np.ndarray, str | None]:
    """A plain ndarray of numbers (never a subclass), or why there is none."""
    nothing = np.empty(0)
    if isinstance(answer, (str, bytes, dict, set)) or callable(answer):
        return nothing, f"it should return numbers; it returned {_kind(answer)}"
    try:
        plain = np.array(_detach(answer), subok=False)
    except Exception:
        return nothing, f"it should return numbers; it returned {_kind(answer)}"
    if plain.dtype.kind == "c":
        return nothing, "it returned complex numbers; the answer is real"
    if plain.dtype.kind not in "biuf":
        return nothing, f"it should return numbers; it returned {_kind(answer)}"
    return plain, None


def _detach(value: Value) -> Value:
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def _is_numeric(value: Value) -> bool:
    """Whether a list or tuple is a literal array (nested numbers) rather than several answers."""
    return isinstance(value, list) and all(isinstance(v, (int, float)) or _is_numeric(v) for v in value)


def _kind(value: Value) -> str:
    names = {"ndarray": "an array", "dict": "a dict", "str": "a string", "tuple": "a tuple", "list": "a list"}
    name = type(value).__name__
    return names.get(name, f"a {name}" if not callable(value) else "a function")


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])
