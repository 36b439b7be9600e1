"""The hint ladder of each exercise: concept, then formula and shapes, then near-code, one rung at a time.

Hints stand in the student notebook itself, folded; this file finds them there, so nothing else has to be handed out.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntklab._course import UsageError
from ntklab.lab import notebooks

_BLOCK = re.compile(r"<details[^>]*>(.*?)</details>", re.DOTALL | re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.DOTALL | re.IGNORECASE)


def hints_in(notebook: Any) -> dict[str, list[str]]:
    """The hints of each exercise in a notebook (an ``nbformat`` node or its JSON), easiest first."""
    found: dict[str, list[str]] = {}
    for cell in notebook["cells"]:
        about = cell.get("metadata", {}).get("ntklab", {})
        if about.get("role") == "hints":
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            found.setdefault(about["exercise"], []).extend(ladder(text))
    return found


def ladder(text: str) -> list[str]:
    """The ``<details>`` blocks of a hints cell as plain text: the summary on the first line, then the hint.

    >>> ladder("<details><summary>Hint 1 · concept</summary>\\n\\nDraw it.\\n\\n</details>")
    ['Hint 1 · concept\\nDraw it.']
    """
    rungs = []
    for block in _BLOCK.findall(text):
        summary = _SUMMARY.search(block)
        title = re.sub(r"<[^>]+>", "", summary[1]).strip() if summary else ""
        body = _SUMMARY.sub("", block, count=1).strip()
        rungs.append(f"{title}\n{body}".strip())
    return rungs


@dataclass(frozen=True)
class Hint:
    """One rung: the ``number``-th of ``total``."""

    text: str
    number: int
    total: int

    def __str__(self) -> str:
        more = self.total - self.number
        end = f"{more} more where this came from: try again first, and say to yourself why it should work."
        if more == 0:
            end = "That was the last hint."
        return f"{self.text}\n\n({self.number} of {self.total}. {end})"


def next_hint(notebook: Path, exercise: str) -> Hint:
    """The next rung for ``exercise``, remembered beside the notebook; after the last one, the last one again."""
    rungs = hints_of(notebook, exercise)
    used = _used(notebook)
    number = min(used.get(exercise, 0) + 1, len(rungs))
    _remember(notebook, {**used, exercise: number})
    return Hint(rungs[number - 1], number, len(rungs))


def hints_of(notebook: Path, exercise: str) -> list[str]:
    """All hints for ``exercise``.

    Raises:
        UsageError: the notebook has no exercise of that name, or no hint for it.
    """
    found = hints_in(notebooks.read(notebook))
    if not found.get(exercise):
        known = notebooks.names(notebooks.read(notebook))
        near = difflib.get_close_matches(exercise, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are hints for {', '.join(found) or 'none'}"
        raise UsageError(f"no hint for {exercise!r} in {notebook.name}: {hint}")
    return found[exercise]


def used_hints(notebook: Path) -> dict[str, int]:
    """How many hints were asked for, by exercise."""
    return dict(_used(notebook))


_here: dict[Path, dict[str, int]] = {}  # where the folder cannot be written to


def _file(notebook: Path) -> Path:
    # Jupyter's own folder for what lies beside a notebook: ignored by git, never handed in
    return notebook.parent / ".ipynb_checkpoints" / f"{notebook.stem}-hints.json"


def _used(notebook: Path) -> dict[str, int]:
    try:
        used = json.loads(_file(notebook).read_text(encoding="utf-8"))
        return {str(name): int(number) for name, number in used.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return _here.get(notebook.resolve(), {})


def _remember(notebook: Path, used: dict[str, int]) -> None:
    _here[notebook.resolve()] = used
    try:
        _file(notebook).parent.mkdir(exist_ok=True)
        _file(notebook).write_text(json.dumps(used), encoding="utf-8")
    except OSError:
        pass
