"""How far grading is, on stderr: one bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import shutil
import sys
import time
from collections import deque
from typing import Any, TextIO

EVERY = 10.0  # seconds between two lines where there is no terminal
KINDS = ("full", "partial", "zero", "unreadable")


class Progress:
    """Counts submissions by how they did, and guesses the time that is left from the pace of the last fifty."""

    def __init__(self, stream: TextIO | None = None, clock: Any = time.monotonic):
        self.stream = sys.stderr if stream is None else stream
        self.bar = self.stream.isatty()
        self.clock = clock
        self.counts = dict.fromkeys(KINDS, 0)
        self.ends: deque[float] = deque([clock()], maxlen=51)
        self.told = clock()
        self.drawn = False

    def __call__(self, done: int, total: int, student: str, outcome: Any) -> None:
        """One more submission has its outcome."""
        self.counts[kind(outcome)] += 1
        self.ends.append(self.clock())
        line = f"{done}/{total}  {self.left(total - done)}  {self.summary()}"
        if self.bar:
            width = shutil.get_terminal_size().columns
            room = max(4, min(30, width - len(line) - 4))
            full = room * done // total
            self.stream.write(f"\r{'█' * full}{'░' * (room - full)} {line}"[: width + 1] + "\x1b[K")
            self.drawn = True
            if done == total:
                self.end()
        elif done == total or self.clock() - self.told >= EVERY:
            self.told = self.clock()
            self.stream.write(f"{line}\n")
        self.stream.flush()

    def left(self, submissions: int) -> str:
        """The time that ``submissions`` more will take."""
        if not submissions:
            return "done"
        pace = (self.ends[-1] - self.ends[0]) / (len(self.ends) - 1)
        seconds = round(submissions * pace)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left"

    def summary(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in self.counts.items() if count)

    def end(self) -> None:
        """Leave the bar's line, if there is one."""
        if self.drawn:
            self.stream.write("\n")
            self.drawn = False

    def say(self, line: str) -> None:
        """A line of its own, above the bar."""
        self.stream.write(("\r\x1b[K" if self.drawn else "") + line + "\n")
        self.stream.flush()


def kind(outcome: Any) -> str:
    """How a submission did: "unreadable", or "full", "partial" or "zero" points."""
    if outcome.status == "unreadable":
        return "unreadable"
    return "full" if outcome.score == outcome.max else "partial" if outcome.score else "zero"


__all__ = ["Progress", "kind"]
