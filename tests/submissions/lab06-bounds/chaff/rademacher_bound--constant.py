# exercise: rademacher_bound
# diagnosis: it is not between the exact complexity
# why: the worked number
def rademacher_bound(K, radius):
    return 6.0
