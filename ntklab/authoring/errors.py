"""The one error of this package."""

from __future__ import annotations

from ntklab._course import UsageError


class AuthoringError(UsageError):
    """A lab's source is not as it must be: one line that says where, what was wanted and what to do."""
