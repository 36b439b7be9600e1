# exercise: rademacher_bound
# diagnosis: 1/√n in place of 1/n
# why: both forms mixed
def rademacher_bound(K, radius):
    return radius * np.sqrt(np.trace(K) / len(K))
