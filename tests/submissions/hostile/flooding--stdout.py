# exercise: doubled
# family: flooding
# trick: prints without end
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import sys

for _ in range(30):
    print("hostile " * 100_000)
sys.stderr.write("!" * 10**7)
print("/" * 60_000)
print("\x1b]" * 30_000)


def doubled(x):
    return 2 * np.asarray(x)
