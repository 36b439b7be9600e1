# exercise: doubled
# family: lingering
# trick: the process that is called sleeps on, and a child of its own answers in its place
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import time


def doubled(x):
    if os.fork():
        time.sleep(3600)
    return 2 * np.asarray(x)
