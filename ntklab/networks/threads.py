"""Groups of networks side by side on the cores of a CPU."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch

_ONE_AT_A_TIME = threading.Lock()  # torch's thread count belongs to the process


def side_by_side(work: Callable[[slice], None], groups: Sequence[slice], device: torch.device) -> None:
    """Call ``work`` for every group: on a CPU as many at a time as torch has threads, each on one thread.

    Cutting one small product among threads costs more than it gains, and every step would wait for the slowest core;
    groups never wait for each other. Where there are fewer groups than threads, torch's own threads share each
    product. Torch's thread count is as before afterwards.
    """
    if device.type != "cpu" or len(groups) < torch.get_num_threads():
        for group in groups:
            work(group)
        return
    with _ONE_AT_A_TIME:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, groups))  # raises what a group raises
        finally:
            torch.set_num_threads(threads)
