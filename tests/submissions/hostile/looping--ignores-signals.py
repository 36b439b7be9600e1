# exercise: gram
# family: looping
# trick: loops in a call with every signal ignored and the alarm rearmed
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import signal


def gram(X):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        signal.alarm(1)
