"""What the graders of one lab share on this machine, started at once; the rest of a run is made ready meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

from ntklab._course import Lab
from ntklab._executors import executor
from ntklab.grading.folders import OwnFolder
from ntklab.grading.limits import Limits

AHEAD = "ntklab.grading.ahead"  # what worker processes begin with


class Warm:
    """Worker processes, a copy of the library for them, and one sandbox that all of them use.

    Use as a context manager. ``preload`` is what the sandbox imports, by default what the lab speaks of.

    Raises:
        SandboxUnavailable: student code cannot be fenced in.
    """

    def __init__(
        self,
        lab: Lab,
        workers: int,
        *,
        fenced: bool = True,
        figures: bool = False,
        limits: Limits | None = None,
        preload: tuple[str, ...] | None = None,
    ):
        self.count, self._pool = workers, contextlib.ExitStack()
        with contextlib.ExitStack() as made:
            made.push(self._pool)
            # before all else: what they import, they import while this process does
            self.executor: Executor = self._pool.enter_context(
                executor(workers, share=lambda: self.sandbox.open_lane(), ahead=AHEAD)
            )
            from ntklab.grading.sandbox import Sandbox

            self.folder = OwnFolder("ntklab-library-")
            made.callback(self.folder.remove)
            self.sandbox = Sandbox(self.folder.path, limits=limits or Limits(), fenced=fenced)
            made.callback(self.sandbox.close)
            made.push(self._pool)  # in the end they end first
            from ntklab.authoring import source_notebook
            from ntklab.grading.grader import code_of, library_copy
            from ntklab.grading.preload import preload_for

            self.notebook = source_notebook(lab.source)
            library_copy(lab.name, self.folder.path)
            # with the solutions: most answers will use the same
            self.sandbox.preload = preload_for(code_of(self.notebook, figures)) if preload is None else preload
            self.sandbox.launch()
            self._made = made.pop_all()

    @contextlib.contextmanager
    def workers(self) -> Iterator[Executor]:
        """The processes, which end with this block."""
        with self._pool.pop_all():
            yield self.executor

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *problem: Any) -> None:
        self._made.__exit__(*problem)


__all__ = ["Warm"]
