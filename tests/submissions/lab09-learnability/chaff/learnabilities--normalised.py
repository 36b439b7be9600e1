# exercise: learnabilities
# diagnosis: scaled to a sum of 1
# why: a distribution over modes
def learnabilities(eigs, C):
    share = eigs / (eigs + C)
    return share / share.sum()
