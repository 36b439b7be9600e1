"""What the draws share."""

from __future__ import annotations

import numpy as np

from ntklab import _check

Rng = np.random.Generator | int


def generator(rng: Rng) -> np.random.Generator:
    """The generator itself, or a new one from a seed. None is refused: data must be reproducible."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None or not isinstance(rng, (int, np.integer)) or isinstance(rng, bool):
        raise TypeError(f"rng must be a numpy.random.Generator or an integer seed; got {rng!r}")
    return np.random.default_rng(_check.integer("rng", rng, 0))
