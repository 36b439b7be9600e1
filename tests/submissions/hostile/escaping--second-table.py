# exercise: doubled
# family: escaping
# trick: makes the same calls through the other tables of the processor
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes
import mmap
import platform

code = mmap.mmap(-1, 4096, prot=7)
# unshare(CLONE_NEWUSER) by int 0x80, the 32-bit table: mov eax, 310; mov ebx, 0x10000000; int 0x80; ret
code.write(bytes.fromhex("53b836010000bb00000010cd805bc3"))
address = ctypes.addressof(ctypes.c_char.from_buffer(code))
libc = ctypes.CDLL(None, use_errno=True)
if platform.machine() == "x86_64":
    if libc.syscall(0x40000000 | 272, 0x10000000) == 0:
        print("BREACH: x32")
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == 0:
        print("BREACH: int 0x80")


def doubled(x):
    return 2 * np.asarray(x)
