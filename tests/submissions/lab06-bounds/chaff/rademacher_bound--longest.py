# exercise: rademacher_bound
# diagnosis: S2's weaker form
# why: the slide's formula
def rademacher_bound(K, radius):
    return radius * np.sqrt(np.diag(K).max() / len(K))
