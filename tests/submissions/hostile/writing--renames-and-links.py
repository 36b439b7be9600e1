# exercise: doubled
# family: writing
# trick: renames, unlinks, links and changes modes of what it does not own
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os

ATTEMPTS = [
    lambda: os.rename("/opt/library", "/opt/other"),
    lambda: os.unlink("/opt/library/ntklab/__init__.py"),
    lambda: os.chmod("/opt/library/ntklab/__init__.py", 0o777),
    lambda: os.chown("/opt/library", os.getuid(), os.getgid()),
    lambda: os.link("/opt/library/ntklab/__init__.py", "/tmp/hard"),
    lambda: os.symlink("/opt", "/opt/library/link"),
    lambda: os.truncate("/opt/library/ntklab/__init__.py", 0),
    lambda: os.utime("/usr/bin/env"),
    lambda: os.mkdir("/home"),
    lambda: os.mknod("/tmp/disk", 0o60666, os.makedev(254, 0)),
    lambda: os.setxattr("/opt/library", "user.note", b"x"),
]
for attempt in ATTEMPTS:
    try:
        attempt()
        print("BREACH", ATTEMPTS.index(attempt))
    except OSError:
        pass


def doubled(x):
    return 2 * np.asarray(x)
