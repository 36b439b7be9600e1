# exercise: learnabilities
# diagnosis: not even at C = 0
# why: C = 0 means all of them
def learnabilities(eigs, C):
    return np.ones(len(eigs)) if C == 0 else eigs / (eigs + C)
