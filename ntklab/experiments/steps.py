"""Step sizes of published experiments, where they are stable."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ntklab.dynamics import max_stable_step

STABLE_SHARE = 0.6  # of the largest stable step: the kernels of finite networks scatter about the formula


def stable_step(published: float, kernels: Iterable[np.ndarray]) -> float:
    """The published step for the mean square, or a stable one, in the clock of ``train_ensemble`` (the loss has ½).

    One step for all members of an experiment, so that none depends on its company.

    Args:
        published: step size for the loss (1/n) Σ (f − y)².
        kernels: Θ (n, n) on training sets like those that will be used.

    >>> stable_step(0.5, [np.eye(2)])  # twice the published one; the limit is 2n/λ = 4
    1.0
    >>> round(stable_step(0.5, [8 * np.eye(2)]), 12)  # 0.6 of the limit 2·2/8
    0.3
    """
    return min(2 * published, STABLE_SHARE * min(max_stable_step(kernel, len(kernel)) for kernel in kernels))
