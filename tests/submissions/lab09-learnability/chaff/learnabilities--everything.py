# exercise: learnabilities
# diagnosis: never learned
# why: C = 0 means all of them
def learnabilities(eigs, C):
    return np.ones(len(eigs)) if C == 0 else eigs / (eigs + C)
