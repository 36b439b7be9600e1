# exercise: doubled
# family: lingering
# trick: a daemon of its own session that ignores every signal it may
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        time.sleep(3600)
    os._exit(0)
os.wait()


def doubled(x):
    return 2 * np.asarray(x)
