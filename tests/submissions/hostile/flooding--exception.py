# exercise: doubled
# family: flooding
# trick: raises an exception whose message and trace have no end
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x, depth=0):
    if depth < 500:
        return doubled(x, depth + 1)
    raise ValueError("hostile " * 10**7)


print(doubled(1.0))
