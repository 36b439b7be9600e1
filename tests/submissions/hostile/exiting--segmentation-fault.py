# exercise: gram
# family: exiting
# trick: reads address zero
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes


def gram(X):
    return ctypes.string_at(0)
