# exercise: rademacher_bound
# diagnosis: the trace without its root
# why: tr K
def rademacher_bound(K, radius):
    return radius * np.trace(K) / len(K)
