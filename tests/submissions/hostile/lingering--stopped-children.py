# exercise: doubled
# family: lingering
# trick: children that are stopped, traced or zombies and can answer no signal
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import signal

for _ in range(4):
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
if os.fork() == 0:
    os._exit(0)  # a zombie


def doubled(x):
    return 2 * np.asarray(x)
