# exercise: rademacher_bound
# diagnosis: all entries are summed
# why: K.sum()
def rademacher_bound(K, radius):
    return radius * np.sqrt(np.sum(K)) / len(K)
