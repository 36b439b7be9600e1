# exercise: doubled
# family: reading
# trick: asks the kernel for mounts and file handles without /proc
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(65536)
request = (ctypes.c_uint64 * 4)(24, 2**64 - 1, 0, 0)
if libc.syscall(458, request, buffer, 64, 0) > 0:
    print("BREACH: listmount")
if libc.syscall(303, -100, b"/usr", buffer, ctypes.create_string_buffer(8), 0) == 0:
    print("BREACH: file handles")


def doubled(x):
    return x
