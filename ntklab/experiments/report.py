"""What is written about a figure beside its pictures: settings, versions, numbers, promises kept or missed."""

from __future__ import annotations

import math
import platform
from typing import Any

import numpy as np

import ntklab
from ntklab.experiments.record import Data, Experiment


def report(record: Experiment, data: Data, size: str, device: str, seconds: float) -> dict[str, Any]:
    """All but the numbers that are drawn; plain values only."""
    import torch

    checks = record.agreement(data)
    settings = numbers(data["settings"])
    return {
        "figure": record.name,
        "title": record.title,
        "caption": record.caption,
        "size": size,
        "device": device,
        "seconds": round(seconds, 2),
        "ok": all(check.ok for check in checks),
        "missed": [check.name for check in checks if not check.ok],
        "agreement": {check.name: check.value for check in checks},
        "targets": {check.name: check.target for check in checks},
        "settings": settings,
        "seeds": settings.get("seed"),
        "versions": {
            "ntklab": ntklab.__version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "torch": torch.__version__,
            "machine": torch.cuda.get_device_name(device) if device.startswith("cuda") else platform.machine(),
        },
    }


def numbers(value: Any) -> Any:
    """Arrays and NumPy numbers as JSON has them; what is not finite becomes None.

    >>> numbers({"a": np.array([1.0, np.nan]), "b": (np.int64(2), "text")})
    {'a': [1.0, None], 'b': [2, 'text']}
    """
    if isinstance(value, dict):
        return {str(name): numbers(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [numbers(part) for part in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return numbers(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
