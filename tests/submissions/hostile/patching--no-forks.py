# exercise: doubled
# family: patching
# trick: makes every fork a pretence, so that one process sees all hidden inputs and remembers them
# due: 0
# others: any
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import _thread
import ctypes
import os

from ntklab.grading import forks

_thread._count = lambda: 1
os.fork = forks.fork = lambda: 0
ctypes.PyDLL = lambda *_: type("Library", (), {"fork": staticmethod(lambda: 0)})
seen = []


def doubled(x):
    seen.append(np.asarray(x))
    return 2 * seen[0]
