"""Late points: when each lab is due, and what a day costs. It is an nbgrader plugin: stock nbgrader takes them too.

The policy stands in ``course/nbgrader_config.py``::

    c.LatePolicy.due = {"lab03-two-layer-ntk": "2026-10-12 23:59 Europe/Paris"}
    c.LatePolicy.percent_per_day = 10  # of the points earned, for each day begun
    c.LatePolicy.cap = 50              # never more than half
"""

from __future__ import annotations

import datetime
import math
from typing import Any

import dateutil.tz
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.utils import parse_utc
from traitlets import Dict, Float, TraitError
from traitlets.utils.importstring import import_item

from ntklab.grading.database import CourseError

DAY = 86_400.0


class LatePolicy(LateSubmissionPlugin):
    """So many per cent of the points earned for each day begun, up to a cap, after some minutes of grace.

    With ``percent_per_day`` at 0, its default, nbgrader's ``penalty_method`` ("none" or "zero") holds.
    """

    percent_per_day = Float(0.0, min=0.0, max=100.0, help="Per cent of the points earned, per day begun.").tag(
        config=True
    )
    cap = Float(100.0, min=0.0, max=100.0, help="The most per cent that lateness can cost.").tag(config=True)
    grace_minutes = Float(0.0, min=0.0, help="Minutes after the due time that cost nothing.").tag(config=True)
    due = Dict(help='When labs are due: {"LAB": "2026-10-12 23:59 Europe/Paris"}; no time zone means UTC.').tag(
        config=True
    )
    extensions = Dict(help='Later due times of single students: {"LAB": {"ID": "2026-10-19 23:59 UTC"}}.').tag(
        config=True
    )

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points to take off ``score``, which a submission so many seconds after its due time has earned.

        >>> policy = LatePolicy(percent_per_day=10, cap=25, grace_minutes=15)
        >>> [policy.late_submission_penalty("ada", 20.0, s) for s in (15 * 60, 15 * 60 + 1, DAY + 1000, 30 * DAY)]
        [None, 2.0, 4.0, 5.0]
        """
        if self.percent_per_day == 0:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        seconds = total_seconds_late - 60 * self.grace_minutes
        if seconds <= 0:
            return None
        return score * min(self.percent_per_day * math.ceil(seconds / DAY), self.cap) / 100

    def due_time(self, lab: str, student: str | None = None) -> datetime.datetime | None:
        """When ``lab`` is due (for ``student``), in UTC as nbgrader keeps it; None where no setting says it."""
        text = self.due.get(lab) if student is None else self.extensions.get(lab, {}).get(student)
        return None if text is None else when(text)


def when(text: str) -> datetime.datetime:
    """A moment in UTC, without a time zone as nbgrader keeps it.

    Raises:
        ValueError: not a time, or an unknown time zone (which nbgrader would take for UTC).

    >>> when("2026-10-12 23:59 Europe/Paris")
    datetime.datetime(2026, 10, 12, 21, 59)
    >>> when("2026-10-12 23:59") == when("2026-10-12 23:59 UTC") == when("2026-10-12 21:59 -0200")
    True
    """
    text = str(text).strip()
    parts = text.split()
    if len(parts) == 3:
        if parts[2].lstrip("+-").replace(":", "").isdigit():
            text = f"{parts[0]} {parts[1]}{parts[2]}"  # after a blank nbgrader takes +0200 for 200 seconds
        elif dateutil.tz.gettz(parts[2]) is None:
            raise ValueError(f"there is no time zone {parts[2]!r}")
    try:
        return parse_utc(text)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time: write it as 2026-10-12 23:59 Europe/Paris") from None


def policy(config: Any) -> LateSubmissionPlugin:
    """The plugin that a course's configuration names, with its settings.

    Raises:
        CourseError: a due time that is none, or a plugin that cannot be had.
    """
    name = config.AssignLatePenalties.get("plugin_class", LatePolicy)
    try:
        chosen = (import_item(name) if isinstance(name, str) else name)(config=config)
        if isinstance(chosen, LatePolicy):
            for text in [*chosen.due.values(), *(t for times in chosen.extensions.values() for t in times.values())]:
                when(text)
    except (ImportError, TraitError, ValueError, AttributeError) as error:
        raise CourseError(f"late points: {error}: mend c.LatePolicy in course/nbgrader_config.py") from None
    return chosen


def terms(chosen: LateSubmissionPlugin, lab: str) -> str:
    """A sentence for students on when a lab is due and what lateness costs; "" where nothing is set.

    >>> terms(LatePolicy(due={"lab03": "2026-10-12 23:59 UTC"}, percent_per_day=10, cap=50, grace_minutes=15), "lab03")
    'due 2026-10-12 23:59 UTC; each day begun costs 10 % of the points earned, at most 50 %, after 15 minutes of grace'
    """
    if not isinstance(chosen, LatePolicy) or lab not in chosen.due:
        return ""
    said = f"due {chosen.due[lab]}"
    if chosen.percent_per_day:
        said += f"; each day begun costs {chosen.percent_per_day:g} % of the points earned, at most {chosen.cap:g} %"
        if chosen.grace_minutes:
            said += f", after {chosen.grace_minutes:g} minutes of grace"
    return said


def settle(book: Any, lab: str, policy: Any) -> None:
    """Set due time, extensions and penalties of a lab in the open gradebook ``book`` anew.

    nbgrader takes late points when it grades, so a mark given by hand afterwards would escape them, and an extension
    granted afterwards would come too late. ``policy`` is any ``LateSubmissionPlugin``.
    """
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook

    own = isinstance(policy, LatePolicy)
    if own and (due := policy.due_time(lab)) is not None:
        book.update_or_create_assignment(lab, duedate=due)
    late = (
        book.db.query(SubmittedNotebook, SubmittedAssignment)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == lab)
    )
    for notebook, submission in late.all():
        if own and (later := policy.due_time(lab, submission.student_id)) is not None:
            due = submission.assignment.duedate
            submission.extension = None if due is None else max(later - due, datetime.timedelta())
        seconds = submission.total_seconds_late
        penalty = policy.late_submission_penalty(submission.student_id, notebook.score, seconds) if seconds else None
        # nbgrader's own bounds: a penalty neither gives points nor takes more than there are
        notebook.late_submission_penalty = None if penalty is None else min(max(penalty, 0.0), notebook.score)
    book.db.commit()
