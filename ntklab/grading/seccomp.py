"""System calls that student code may not make: what could look at other processes, mount, nest or outlive the session.

Everything else stays allowed, so NumPy, torch and a student's own subprocesses run as usual. The filter is a short
BPF program that the kernel runs before every call; a refused call fails with EPERM and the cell sees an ``OSError``.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Any

__all__ = ["deny", "supported"]

# name: (x86-64, aarch64); None where the architecture has no such call
_DENIED: dict[str, tuple[int | None, int | None]] = {
    # other processes of the session: states that wait, or hold hidden inputs
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    # namespaces and mounts: each would open more of the kernel, or uncover what is mounted over
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "statmount": (457, 457), "listmount": (458, 458), "open_tree_attr": (467, 467),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # keyrings are inherited and outlive the process: one submission could leave notes for the next
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # memory that belongs to no process, which a watchdog without cgroups could not count
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    # large parts of the kernel that no answer needs
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "syslog": (103, 116), "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162), "personality": (135, 92),
    "iopl": (172, None), "ioperm": (173, None),
}  # fmt: skip
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH
_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_NEW_NAMESPACES = 0x7E020000
_FAMILIES = (1, 2, 10)  # Unix, IPv4, IPv6 (which find no network); not vsock, netlink, packets, the crypto interface
_X32 = 0x40000000  # x86-64 numbers with this bit are a second copy of the table
_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2


def supported() -> bool:
    """Whether there is a filter for this machine's processor."""
    return platform.machine() in _ARCHITECTURES


def deny(libc: Any) -> None:
    """Forbid the calls to this process and to all that it will fork. There is no way back."""
    if not supported():
        return
    code = _program(*_ARCHITECTURES[platform.machine()])
    instructions = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(instructions))
    for option, *rest in ((_PR_SET_NO_NEW_PRIVS, 1, 0), (_PR_SET_SECCOMP, _FILTER, ctypes.c_char_p(program))):
        if libc.prctl(option, *rest, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), f"seccomp: {os.strerror(ctypes.get_errno())}")


def _program(column: int, architecture: int) -> bytes:
    def op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    def refuse(errno: int) -> bytes:
        return op(_RETURN, _ERRNO | errno)

    parts = [op(_LOAD, _ARCHITECTURE), op(_EQUAL, architecture, 1, 0), refuse(_EPERM), op(_LOAD, _NUMBER)]
    if column == 0:
        parts += [op(_AT_LEAST, _X32, 0, 1), refuse(_EPERM)]
    for numbers in _DENIED.values():
        number = numbers[column]
        if number is not None:
            parts += [op(_EQUAL, number, 0, 1), refuse(_EPERM)]
    # glibc falls back to clone, whose flags a filter can read
    parts += [op(_EQUAL, _CLONE3[column], 0, 1), refuse(_ENOSYS)]
    parts += [op(_EQUAL, _CLONE[column], 0, 4), op(_LOAD, _FIRST_ARGUMENT), op(_ANY_BIT, _NEW_NAMESPACES, 0, 1)]
    parts += [refuse(_EPERM), op(_RETURN, _ALLOW)]
    parts += [op(_EQUAL, _SOCKET[column], 0, 2 + len(_FAMILIES)), op(_LOAD, _FIRST_ARGUMENT)]
    parts += [op(_EQUAL, family, len(_FAMILIES) - i, 0) for i, family in enumerate(_FAMILIES)]
    return b"".join([*parts, refuse(_EAFNOSUPPORT), op(_RETURN, _ALLOW)])
