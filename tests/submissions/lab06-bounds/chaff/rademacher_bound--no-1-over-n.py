# exercise: rademacher_bound
# diagnosis: the 1/n is missing
# why: the definition on the slide
def rademacher_bound(K, radius):
    return radius * np.sqrt(np.trace(K))
