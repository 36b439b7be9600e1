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
from ntklab.grading.work import without_address_grammar

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
        from ntklab.grading.sandbox import Sandbox

        self.count, self._pool = workers, contextlib.ExitStack()
        self.folder = OwnFolder("ntklab-library-")
        self.sandbox = Sandbox(self.folder.path, limits=limits or Limits(), fenced=fenced)
        with contextlib.ExitStack() as made:
            made.callback(self.folder.remove)
            made.callback(self.sandbox.close)
            made.push(self._pool)
            self.executor: Executor = self._pool.enter_context(
                executor(workers, share=self.sandbox.open_lane, ahead=AHEAD)
            )
            without_address_grammar()
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
