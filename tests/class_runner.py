"""``ntklab grade`` of the invented lab in a process of its own, with light sandboxes and short limits.

``python class_runner.py [--kill-after N] grade lab98 ...``: the arguments of the command line; with ``--kill-after``
the process kills itself as ``kill -9`` does, right after its N-th submission was recorded.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from typing import Any

import grading_lab

LIGHT = ("numpy", "ntklab.lab")


def main(argv: list[str]) -> int:
    from ntklab import cli
    from ntklab.grading import batch, warm

    light = {"limits": grading_lab.LIMITS, "preload": LIGHT}
    batch.grade_class = functools.partial(batch.grade_class, **light)  # type: ignore[assignment]
    warm.Warm = functools.partial(warm.Warm, **light)  # type: ignore[assignment,misc]
    if argv[0] == "--kill-after":
        count, argv = int(argv[1]), argv[2:]
        from ntklab.grading.recording import Recorder

        record, calls = Recorder.record, [0]

        def recorded(self: Any, *args: Any) -> None:
            record(self, *args)
            calls[0] += 1
            if calls[0] == count:
                os.kill(os.getpid(), signal.SIGKILL)

        Recorder.record = recorded  # type: ignore[method-assign]
    return cli.main(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
