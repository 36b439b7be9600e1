# exercise: doubled
# family: escaping
# trick: tries the large doors of the kernel
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
DOORS = {"bpf": (321, 0, buffer, 72), "perf_event_open": (298, buffer, 0, -1, -1, 0), "io_uring_setup": (425, 4, buffer),
         "userfaultfd": (323, 0), "add_key": (248, b"user", b"k", b"v", 1, -3), "keyctl": (250, 0, -3, 1),
         "memfd_create": (319, b"x", 0), "shmget": (29, 1, 4096, 0o1666), "ptrace": (101, 0, 0, 0, 0),
         "personality": (135, 0x0040000), "open_by_handle_at": (304, -100, buffer, 0), "syslog": (103, 3, buffer, 200)}
for name, call in DOORS.items():
    if libc.syscall(*call) >= 0:
        print("BREACH:", name)


def doubled(x):
    return 2 * np.asarray(x)
