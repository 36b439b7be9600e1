# exercise: learnabilities
# diagnosis: the limit of few points
# why: λ/C
def learnabilities(eigs, C):
    return eigs / C
