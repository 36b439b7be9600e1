"""Parts of a job side by side on the cores of a CPU."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

_ONE_AT_A_TIME = threading.Lock()  # torch's thread count belongs to the process


Part = TypeVar("Part")


def side_by_side(work: Callable[[Part], None], parts: Sequence[Part], device: torch.device) -> None:
    """Call ``work`` for every part: on a CPU as many at a time as torch has threads, each on one thread.

    Cutting one small operation among threads costs more than it gains, and every operation would wait for the slowest
    core, for long if another program holds it; parts never wait for each other. Where there are fewer parts than
    threads, torch's own threads share each operation. Torch's thread count is as before afterwards.
    """
    if device.type != "cpu" or torch.get_num_threads() == 1 or len(parts) < torch.get_num_threads():
        for part in parts:
            work(part)
        return
    gradients = torch.is_grad_enabled()  # known to each thread by itself

    def one(part: Part) -> None:
        with torch.set_grad_enabled(gradients):
            work(part)

    with _ONE_AT_A_TIME:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(one, parts))  # raises what a part raises
        finally:
            torch.set_num_threads(threads)
