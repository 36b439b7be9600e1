# exercise: doubled
# family: lingering
# trick: leaves notes in every memory that outlives a process
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes
import os
from multiprocessing import shared_memory

try:
    note = shared_memory.SharedMemory("ntklab-hostile", create=True, size=64)
    note.buf[:7] = b"hostile"
    from multiprocessing import resource_tracker

    resource_tracker.unregister(note._name, "shared_memory")
except OSError:
    pass
libc = ctypes.CDLL(None, use_errno=True)
libc.shmget(0x4E54, 4096, 0o1666)
libc.semget(0x4E54, 1, 0o1666)
libc.msgget(0x4E54, 0o1666)
libc.mq_open(b"/ntklab-hostile", os.O_CREAT | os.O_RDWR, 0o666, None)
libc.sem_open(b"/ntklab-hostile", os.O_CREAT, 0o666, 1)
for keyring in (-1, -2, -3, -4, -5):
    libc.syscall(248, b"user", b"ntklab-hostile", b"note", 4, keyring)
for folder in ("/tmp", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run"):
    try:
        open(folder + "/ntklab-hostile", "w").write("note")
    except OSError:
        pass


def doubled(x):
    return 2 * np.asarray(x)
