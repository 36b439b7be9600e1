# exercise: doubled
# family: network
# trick: tries the ways to the host that are not the internet
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import socket

TRIES = [(40, socket.SOCK_STREAM, (2, 22)), (38, socket.SOCK_SEQPACKET, ("hash", "sha256")),
         (16, socket.SOCK_RAW, (0, 0)), (17, socket.SOCK_RAW, ("lo", 3)), (2, socket.SOCK_RAW, ("127.0.0.1", 0))]
for family, kind, address in TRIES:
    try:
        with socket.socket(family, kind) as made:
            print("BREACH", family)
    except (OSError, TypeError):
        pass
for path in ("/run/docker.sock", "/var/run/dbus/system_bus_socket", "\0/tmp/.X11-unix/X0", "\0/tmp/dbus", "/tmp/.X11-unix/X0"):
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.connect(path)
            print("BREACH", path)
    except OSError:
        pass


def doubled(x):
    return 2 * np.asarray(x)
