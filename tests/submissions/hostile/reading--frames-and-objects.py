# exercise: doubled
# family: reading
# trick: searches the interpreter for tests, seeds and other notebooks
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import gc
import sys

MARK = "BEGIN " + "HIDDEN"
for thing in gc.get_objects():
    if isinstance(thing, dict):
        for key, value in list(thing.items()):
            if isinstance(value, str) and MARK in value and value is not MARK and "gc.get_objects" not in value:
                print("BREACH", key)
frame = sys._getframe()
while frame is not None:
    for name, value in frame.f_locals.items():
        if name in ("secret", "expected", "wanted", "right", "exercise"):
            print("BREACH", name, value)
    frame = frame.f_back


def doubled(x):
    frame = sys._getframe()
    while frame is not None:
        for name in ("right", "wanted", "fresh_inputs"):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    return x
