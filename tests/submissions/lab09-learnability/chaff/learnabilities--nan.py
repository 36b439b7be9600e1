# exercise: learnabilities
# diagnosis: 0/0 gave nan
# why: 0/0 at C = 0
def learnabilities(eigs, C):
    with np.errstate(all='ignore'):
        return eigs / (eigs + C)
