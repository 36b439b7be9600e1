# exercise: doubled
# family: patching
# trick: patches the sandbox's own side of the protocol so that every call is reported as right
# due: 0
# others: any
raise SystemExit("a hostile answer: only a sandbox runs what follows")

from ntklab.grading import boundary, worker

honest = boundary.encode
boundary.encode = worker.encode = lambda value: honest(True)
worker._call = lambda shell, name, body: ({"op": "value", "passed": True, "score": 3.0, "points": 3.0}, honest(True))


def doubled(x):
    return x
