"""One function per figure: settings in, named arrays out. Nothing here draws (see ``plots``)."""

from __future__ import annotations

from ntklab.experiments.finite_width import finite_width

__all__ = ["finite_width"]
