# exercise: learnabilities
# diagnosis: clipped at 1
# why: λ/C up to 1
def learnabilities(eigs, C):
    return np.minimum(eigs / C, 1.0)
