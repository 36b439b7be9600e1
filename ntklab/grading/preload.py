"""What is imported ahead of student code, so that not every fork imports it again.

A fork copies whatever its process carries, so nothing comes along that no cell speaks of: a library is warm in the
sandbox if the lab's own cells name it, in one session if that submission's cells do, and is imported as ever if not.
It decides how soon a notebook is graded and nothing else.
"""

from __future__ import annotations

import re

ALWAYS = (
    "numpy", "torch", "torch.func", "ntklab.lab", "ntklab.gaussian", "ntklab.kernels", "ntklab.networks",
    "ntklab.empirical", "ntklab.datasets",
)  # fmt: skip
# names in the code -> modules that their use imports, if not at once then in every call
_NAMED = {
    r"np\.testing|numpy\.testing": ("numpy.testing",),
    r"scipy": ("scipy.linalg", "scipy.special"),
    r"sklearn|digits": ("sklearn.datasets",),
    r"matplotlib|plt|plots": ("matplotlib.pyplot",),
    r"torch\.func|functorch|vmap|jacrev|jacfwd|hessian|jvp|vjp": (
        "torch._dynamo",
        "torch._decomp.decompositions_for_jvp",
    ),
}


def named_in(text: str) -> tuple[str, ...]:
    """The modules that the code in ``text`` speaks of; comments do not count.

    >>> named_in("X, y = datasets.digits(8)  # then plt.plot")
    ('sklearn.datasets',)
    """
    code = re.sub(r"#.*", "", text)
    return tuple(m for names, modules in _NAMED.items() if re.search(rf"\b(?:{names})\b", code) for m in modules)


def preload_for(text: str) -> tuple[str, ...]:
    """What a sandbox imports before its first submission of a lab whose cells run ``text``."""
    return ALWAYS + named_in(text)
