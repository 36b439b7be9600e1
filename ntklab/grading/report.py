"""One HTML page for the instructor: how the class did, where it went wrong, and who needs a human."""

from __future__ import annotations

import html
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntklab.grading.gradebook import Course, CourseError
from ntklab.grading.results import Outcome


@dataclass(frozen=True)
class ClassPage:
    """What the page shows, computed from the graded notebooks and the gradebook."""

    lab: str
    outcomes: dict[str, Outcome]
    manual: dict[str, dict[str, Any]]
    unfenced: bool

    @property
    def max(self) -> float:
        return max((outcome.max for outcome in self.outcomes.values()), default=0.0)

    def success(self) -> dict[str, tuple[int, int]]:
        """exercise -> (submissions that solved it, submissions)."""
        counts: dict[str, tuple[int, int]] = {}
        for outcome in self.outcomes.values():
            for name, result in outcome.exercises.items():
                solved, total = counts.get(name, (0, 0))
                counts[name] = (solved + (result.diagnosis is None), total + 1)
        return counts

    def diagnoses(self, most: int = 12) -> list[tuple[str, str, int]]:
        """(exercise, diagnosis, count), the most common first; submissions nobody could read are left out."""
        counter = Counter(
            (name, result.diagnosis)
            for outcome in self.outcomes.values()
            if outcome.status != "unreadable"
            for name, result in outcome.exercises.items()
            if result.diagnosis is not None
        )
        return [(name, text, count) for (name, text), count in counter.most_common(most)]

    def slowest(self, most: int = 5) -> list[tuple[str, str, float]]:
        """(student, exercise, seconds of its tests), the slowest first."""
        times = [(s, n, r.seconds) for s, o in self.outcomes.items() for n, r in o.exercises.items()]
        return sorted(times, key=lambda row: -row[2])[:most]

    def needs_a_human(self) -> list[tuple[str, str]]:
        """(student, why): unreadable or partial submissions, written answers that wait, and scores under a third."""
        rows = []
        for student, outcome in self.outcomes.items():
            if outcome.status != "graded":
                rows.append((student, f"{outcome.status}: {outcome.reason}"))
            elif outcome.score < outcome.max / 3:
                rows.append((student, f"{outcome.score:g} of {outcome.max:g} points"))
            if self.manual.get(student, {}).get("score", 0.0) is None:
                rows.append((student, "a written answer waits for marks"))
        return rows


def read_class(course: Course, lab: str) -> ClassPage:
    """Gather the class from ``autograded/`` and the gradebook."""
    outcomes: dict[str, Outcome] = {}
    unfenced = False
    for path in sorted((course.folder / "autograded").glob(f"*/{lab}/{lab}.ipynb")):
        data = json.loads(path.read_text()).get("metadata", {}).get("ntklab_outcome")
        if data is not None:
            outcomes[path.parent.parent.name] = Outcome.from_json(data)
            unfenced = unfenced or data.get("sandbox") == "off"
    if not outcomes:
        raise CourseError(f"nothing of {lab} is graded in {course.folder}: run `ntklab grade {lab}` first")
    return ClassPage(lab, outcomes, course.manual_marks(lab), unfenced)


def write_report(course: Course, lab: str) -> Path:
    """Write ``report-LAB.html`` into the course folder."""
    path = course.folder / f"report-{lab}.html"
    path.write_text(page(read_class(course, lab)), encoding="utf-8")
    return path


_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fdfdfb; --line: #c9c9c4; --bar: #3b6ea5; --warn: #a33; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e4; --paper: #1c1d1f; --line: #4a4b4e; --bar: #7fb0e6; --warn: #f08a80; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 64rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } td.n, th.n { text-align: right; white-space: nowrap; }
.bar { display: inline-block; height: .8em; background: var(--bar); vertical-align: middle; border-radius: 2px; }
.warn { color: var(--warn); font-weight: 600; } svg text { fill: currentColor; font-size: 11px; }
code { font-size: .95em; }
"""


def page(data: ClassPage) -> str:
    """The whole page, self-contained: no scripts, nothing fetched."""
    e = html.escape
    scores = sorted(outcome.score for outcome in data.outcomes.values())
    n = len(scores)
    median = (scores[(n - 1) // 2] + scores[n // 2]) / 2
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{e(data.lab)}: class report</title>",
        f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>",
        f"<h1>{e(data.lab)}: {n} submissions, median {median:g} of {data.max:g} automatic points</h1>",
    ]
    if data.unfenced:
        parts.append("<p class=warn>Graded without a sandbox: these scores can be forged.</p>")
    parts += ["<h2>Distribution of scores</h2>", _histogram(scores, data.max)]
    rows = []
    for name, (solved, total) in data.success().items():
        share = solved / total
        bar = f"<span class=bar style='width:{12 * share:.2f}rem' role=img aria-label='{share:.0%}'></span>"
        rows.append(f"<tr><td><code>{e(name)}</code><td class=n>{solved} of {total}<td>{bar} {share:.0%}")
    parts += ["<h2>Success by exercise</h2><table><tr><th>exercise<th class=n>solved<th>share", *rows, "</table>"]
    rows = [f"<tr><td class=n>{c}<td><code>{e(name)}</code><td>{e(text)}" for name, text, c in data.diagnoses()]
    parts += ["<h2>Most common diagnoses</h2><table><tr><th class=n>count<th>exercise<th>diagnosis", *rows, "</table>"]
    rows = [f"<tr><td>{e(student)}<td>{e(why)}" for student, why in data.needs_a_human()]
    parts += [
        "<h2>Who needs a human</h2><table><tr><th>student<th>why",
        *(rows or ["<tr><td colspan=2>nobody"]),
        "</table>",
    ]
    rows = [f"<tr><td>{e(s)}<td><code>{e(name)}</code><td class=n>{t:.2f} s" for s, name, t in data.slowest()]
    parts += ["<h2>Slowest tests</h2><table><tr><th>student<th>exercise<th class=n>time", *rows, "</table>"]
    rows = []
    for student, outcome in data.outcomes.items():
        mark = data.manual.get(student, {"score": None, "max": 0.0})
        by_hand = "waits" if mark["score"] is None else f"{mark['score']:g} / {mark['max']:g}"
        rows.append(
            f"<tr><td>{e(student)}<td class=n>{outcome.score:g} / {outcome.max:g}<td class=n>{by_hand}"
            f"<td>{e(outcome.status)}<td>{e(outcome.reason)}"
        )
    head = "<tr><th>student<th class=n>automatic<th class=n>by hand<th>status<th>reason"
    parts += ["<h2>All submissions</h2><table>", head, *rows, "</table></html>"]
    return "\n".join(parts)


def _histogram(scores: list[float], top: float, bins: int = 10) -> str:
    """A small bar chart as inline SVG: how many submissions scored in each tenth of the points."""
    counts = [0] * bins
    for score in scores:
        counts[min(int(bins * score / top), bins - 1) if top else 0] += 1
    tallest = max(counts) or 1
    width, height, step = 640, 150, 64
    described = ", ".join(
        f"{count} from {top * i / bins:g} to {top * (i + 1) / bins:g}" for i, count in enumerate(counts) if count
    )
    bars = [f"<svg viewBox='0 0 {width} {height + 35}' width='100%' role=img aria-label='{described}'>"]
    for i, count in enumerate(counts):
        tall = height * count / tallest
        x = i * step
        bars.append(
            f"<rect x='{x + 4}' y='{height - tall + 15:.1f}' width='{step - 8}' height='{tall:.1f}' fill='var(--bar)'/>"
        )
        if count:
            bars.append(f"<text x='{x + step / 2}' y='{height - tall + 11:.1f}' text-anchor=middle>{count}</text>")
        label = f"{top * i / bins:g}–{top * (i + 1) / bins:g}"
        bars.append(f"<text x='{x + step / 2}' y='{height + 30}' text-anchor=middle>{label}</text>")
    return "".join([*bars, "</svg>"])
