# exercise: doubled
# family: exiting
# trick: kills the states that its own was forked from, one after the other
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os

for number in range(2, 400):
    if number != os.getpid():
        try:
            os.kill(number, 9)
        except OSError:
            pass


def doubled(x):
    return x
