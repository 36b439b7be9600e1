# exercise: doubled
# family: reading
# trick: searches the disk for tests, solutions, the seed and the gradebook
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import re

WANTED = re.compile(r"gradebook\.db|secret_seed|lab98|lab03|solutions|submitted|autograded|\.ipynb$")
found = []
for folder, folders, files in os.walk("/"):
    if folder.startswith(("/usr", "/dev", "/opt/library")) or "site-packages" in folder or "/lib/python3" in folder:
        folders.clear()
        continue
    found += [os.path.join(folder, name) for name in (*folders, *files) if WANTED.search(name)]
if found:
    print("BREACH", found[:20])


def doubled(x):
    return 2 * np.asarray(x)
