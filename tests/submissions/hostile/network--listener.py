# exercise: doubled
# family: network
# trick: waits for the next submission on the loopback and on abstract names
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import socket
import threading

if os.fork() == 0:
    os.setsid()
    listeners = []
    for family, address in ((socket.AF_INET, ("127.0.0.1", 47811)), (socket.AF_UNIX, "\0ntklab-hostile")):
        try:
            listener = socket.socket(family)
            listener.bind(address)
            listener.listen()
            listeners.append(listener)
        except OSError:
            pass
    threading.Event().wait(60)
    os._exit(0)


def doubled(x):
    return 2 * np.asarray(x)
