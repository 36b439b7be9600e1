# exercise: doubled
# family: looping
# trick: hangs in C with the interpreter's lock held
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes


def doubled(x):
    ctypes.PyDLL(None).sleep(3600)
