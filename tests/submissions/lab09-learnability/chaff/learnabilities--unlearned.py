# exercise: learnabilities
# diagnosis: *not* learned
# why: C/(λ + C)
def learnabilities(eigs, C):
    return C / (eigs + C)
