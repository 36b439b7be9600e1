# exercise: learnabilities
# why: zeros, filled in where the eigenvalue is positive
def learnabilities(eigs, C):
    share = np.zeros(len(eigs))
    positive = np.asarray(eigs) > 0
    share[positive] = 1 / (1 + C / np.asarray(eigs)[positive])
    return share
