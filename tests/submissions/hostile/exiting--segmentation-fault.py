# exercise: doubled
# family: exiting
# trick: reads address zero
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes


def doubled(x):
    return ctypes.string_at(0)
