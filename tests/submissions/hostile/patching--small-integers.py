# exercise: doubled
# family: patching
# trick: overwrites interpreter memory so that one is two
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes


def doubled(x):
    return x


number, other = 10**20, 10**20 + 1
ctypes.memmove(id(number), id(other), 40)
