# exercise: gram
# family: flooding
# trick: hoards memory until something gives
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def gram(X):
    hoard = []
    while True:
        hoard.append(np.ones(4_000_000))
