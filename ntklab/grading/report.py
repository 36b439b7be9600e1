"""One HTML page for the instructor: how the class did, where it went wrong, and who needs a human."""

from __future__ import annotations

import html
import json
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ntklab.grading.gradebook import Course, CourseError
from ntklab.grading.results import Outcome
from ntklab.grading.totals import Total

_TIMED_OUT = "took longer than"
# what differs from answer to answer in one and the same diagnosis
_ONE_KIND = (
    (re.compile(r"(`.*`), which your answer calls, fails? \w+ own tests: mend that first\..*", re.DOTALL),
     r"\1, which the answer calls, is wrong itself"),
    (re.compile(r"\d+ of \d+ entries are wrong; the first is at index .*", re.DOTALL),
     "entries are wrong, and no known mistake fits"),
    (re.compile(r"wrong value \(you returned .*\)", re.DOTALL), "a wrong value, and no known mistake fits"),
    (re.compile(r" \(first at index .*?\)(?=$|;)"), ""),
)  # fmt: skip


@dataclass(frozen=True)
class ClassPage:
    """What the page shows, computed from the graded notebooks and the gradebook."""

    lab: str
    outcomes: dict[str, Outcome]
    totals: dict[str, Total]
    unfenced: bool
    pages: dict[str, str] = field(default_factory=dict)  # student -> feedback page, seen from this one

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

    def diagnoses(self, most: int = 15) -> list[tuple[str, str, list[str]]]:
        """(exercise, diagnosis, whose), the most common first; submissions nobody could read are left out."""
        whose: dict[tuple[str, str], list[str]] = {}
        for student, outcome in self.outcomes.items():
            for name, result in outcome.exercises.items():
                if outcome.status != "unreadable" and result.diagnosis is not None:
                    whose.setdefault((name, one_kind(result.diagnosis)), []).append(student)
        ranked = sorted(whose.items(), key=lambda item: -len(item[1]))
        return [(name, text, students) for (name, text), students in ranked[:most]]

    def slowest(self) -> list[tuple[str, float, float, str, list[str]]]:
        """(exercise, median seconds, most, whose, lost to the limit), the slowest exercise first."""
        seconds: dict[str, dict[str, float]] = {}
        lost: dict[str, list[str]] = {}
        for student, outcome in self.outcomes.items():
            for name, result in outcome.exercises.items():
                if result.seconds > 0:
                    seconds.setdefault(name, {})[student] = result.seconds
                if result.diagnosis is not None and _TIMED_OUT in result.diagnosis:
                    lost.setdefault(name, []).append(student)
        rows = []
        for name in dict.fromkeys([*seconds, *lost]):
            times = seconds.get(name, {})
            slow = max(times, key=lambda student: times[student], default="")
            middle = statistics.median(times.values()) if times else 0.0
            rows.append((name, middle, times.get(slow, 0.0), slow, lost.get(name, [])))
        return sorted(rows, key=lambda row: (-len(row[4]), -row[2]))

    def needs_a_human(self) -> list[tuple[str, str]]:
        """(student, why): unreadable or partial submissions, written answers that wait, and scores under a third."""
        rows = []
        for student, outcome in self.outcomes.items():
            total = self.totals.get(student, Total(student))
            if outcome.status != "graded":
                rows.append((student, f"{outcome.status}: {outcome.reason}"))
            elif outcome.score < outcome.max / 3:
                rows.append((student, f"{outcome.score:g} of {outcome.max:g} points"))
            if total.waiting:
                rows.append((student, f"waits for marks: {', '.join(total.waiting)}"))
            if total.changed:
                rows.append((student, f"changed since it was marked: {', '.join(total.changed)}"))
        return rows


def one_kind(diagnosis: str) -> str:
    """The diagnosis without what differs from answer to answer, so that it can be counted.

    >>> one_kind("4 of 6 entries are wrong; the first is at index (0, 0), where you have 3")
    'entries are wrong, and no known mistake fits'
    >>> one_kind("the sign is wrong: your answer is minus the right one")
    'the sign is wrong: your answer is minus the right one'
    """
    for pattern, instead in _ONE_KIND:
        diagnosis = pattern.sub(instead, diagnosis)
    return diagnosis


def read_class(course: Course, lab: str) -> ClassPage:
    """Gather the class from ``autograded/`` and the gradebook."""
    outcomes: dict[str, Outcome] = {}
    unfenced = False
    for path in sorted((course.folder / "autograded").glob(f"*/{lab}/{lab}.ipynb")):
        data = json.loads(path.read_text(encoding="utf-8")).get("metadata", {}).get("ntklab_outcome")
        if data is not None:
            outcomes[path.parent.parent.name] = Outcome.from_json(data)
            unfenced = unfenced or data.get("sandbox") == "off"
    if not outcomes:
        raise CourseError(f"nothing of {lab} is graded in {course.folder}: run `ntklab grade {lab}` first")
    pages = {
        path.parent.parent.name: path.relative_to(course.folder).as_posix()
        for path in (course.folder / "feedback").glob(f"*/{lab}/{lab}.html")
    }
    return ClassPage(lab, outcomes, course.totals(lab), unfenced, pages)


def write_report(course: Course, lab: str) -> Path:
    """Write ``report-LAB.html`` into the course folder."""
    path = course.folder / f"report-{lab}.html"
    path.write_text(page(read_class(course, lab)), encoding="utf-8")
    return path


_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fdfdfb; --line: #c9c9c4; --bar: #3b6ea5; --warn: #a33; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e4; --paper: #1c1d1f; --line: #4a4b4e; --bar: #7fb0e6; --warn: #f08a80; } a { color: #9cc4f5; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 64rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem 1rem .3rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } td.n, th.n { text-align: right; white-space: nowrap; }
.bar { display: inline-block; height: .8em; background: var(--bar); vertical-align: middle; border-radius: 2px; }
.warn { color: var(--warn); font-weight: 600; } svg text { fill: currentColor; font-size: 11px; }
code { font-size: .95em; } summary { cursor: pointer; } details { color: inherit; }
"""


def page(data: ClassPage) -> str:
    """The whole page, self-contained: no scripts, nothing fetched."""
    e = html.escape
    scores = sorted(outcome.score for outcome in data.outcomes.values())
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{e(data.lab)}: class report</title>",
        f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>",
        f"<h1>{e(data.lab)}: {len(scores)} submissions, median {statistics.median(scores):g} of {data.max:g} "
        "automatic points</h1>",
        f"<p>{_in_short(data)}</p>",
    ]
    if data.unfenced:
        parts.append("<p class=warn>Graded without a sandbox: these scores can be forged.</p>")
    parts += ["<h2>Distribution of automatic points</h2>", _histogram(scores, data.max)]
    bars = (
        f"<tr><td><code>{e(name)}</code><td class=n>{solved} of {total}<td><span class=bar "
        f"style='width:{12 * solved / total:.2f}rem' role=img aria-label='{solved / total:.0%}'></span> "
        f"{solved / total:.0%}"
        for name, (solved, total) in data.success().items()
    )
    parts += _table("Success by exercise", "<th>exercise<th class=n>solved<th>share", bars)
    common = (
        f"<tr><td class=n><details><summary>{len(who)}</summary>{e(', '.join(who))}</details>"
        f"<td><code>{e(name)}</code><td>{_code(text)}"
        for name, text, who in data.diagnoses()
    )
    parts += _table("Most common diagnoses", "<th class=n>count<th>exercise<th>diagnosis", common)
    people = (f"<tr><td>{_linked(data, student)}<td>{_code(why)}" for student, why in data.needs_a_human())
    parts += _table("Who needs a human", "<th>student<th>why", people, "<tr><td colspan=2>nobody")
    slow = (
        f"<tr><td><code>{e(name)}</code><td class=n>{middle:.2f} s<td class=n>{most:.2f} s<td>{e(student)}"
        f"<td>{e(', '.join(out))}"
        for name, middle, most, student, out in data.slowest()
    )
    head = "<th>exercise<th class=n>median<th class=n>most<th>by<th>lost to the time limit"
    parts += _table("Slowest cells: time of an exercise's tests", head, slow)
    parts += _table(
        "All submissions",
        "<th>student<th class=n>automatic<th class=n>by hand<th class=n>late<th class=n>total<th>status<th>reason",
        _everybody(data),
    )
    return "\n".join([*parts, "</html>"])


def _in_short(data: ClassPage) -> str:
    outcomes, totals = data.outcomes.values(), data.totals.values()
    counts = {
        "with full automatic points": sum(o.score == o.max for o in outcomes),
        "partial": sum(o.status == "partial" for o in outcomes),
        "unreadable": sum(o.status == "unreadable" for o in outcomes),
        "waiting for a marker": sum(bool(t.waiting or t.changed) for t in totals),
        "late": sum(t.seconds_late > 0 for t in totals),
    }
    return " · ".join(f"{count} {what}" for what, count in counts.items())


def _everybody(data: ClassPage) -> Iterator[str]:
    for student, outcome in data.outcomes.items():
        total = data.totals.get(student, Total(student))
        by_hand = "waits" if total.waiting else f"{total.manual:g} / {total.manual_max:g}"
        late = f"−{total.late_penalty:.3g}" if total.late_penalty else ""
        yield (
            f"<tr><td>{_linked(data, student)}<td class=n>{outcome.score:g} / {outcome.max:g}<td class=n>{by_hand}"
            f"<td class=n>{late}<td class=n>{round(total.score, 2):g}<td>{html.escape(outcome.status)}"
            f"<td>{_code(outcome.reason)}"
        )


def _table(title: str, head: str, rows: Iterator[str], none: str = "") -> list[str]:
    body = list(rows) or [none]
    return [f"<h2>{title}</h2><div class=wide><table><tr>{head}", *body, "</table></div>"]


def _linked(data: ClassPage, student: str) -> str:
    shown = html.escape(student)
    return f"<a href='{html.escape(data.pages[student])}'>{shown}</a>" if student in data.pages else shown


def _code(text: str) -> str:
    """Text with `names` set as code."""
    return re.sub(r"`([^`<>&]+)`", r"<code>\1</code>", html.escape(text))


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
