# exercise: doubled
# family: network
# trick: asks a name server and sends datagrams
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import socket

for family in (socket.AF_INET, socket.AF_INET6):
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as udp:
            udp.sendto(b"x", ("8.8.8.8", 53) if family == socket.AF_INET else ("2001:4860:4860::8888", 53))
        print("BREACH")
    except OSError:
        pass
try:
    socket.getaddrinfo("example.org", 80)
    print("BREACH")
except OSError:
    pass


def doubled(x):
    return 2 * np.asarray(x)
