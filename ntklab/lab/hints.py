"""The hint ladder of each exercise: concept, then formula and shapes, then near-code, one rung at a time.

Hints stand in the student notebook itself, folded; this file finds them there, so nothing else has to be handed out.
"""

from __future__ import annotations

import re
from typing import Any

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
