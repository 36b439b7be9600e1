# exercise: gram
# family: looping
# trick: hangs in C with the interpreter's lock held
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes


def gram(X):
    ctypes.PyDLL(None).sleep(3600)
