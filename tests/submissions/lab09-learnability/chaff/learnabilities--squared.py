# exercise: learnabilities
# diagnosis: squared
# why: power that is learned
def learnabilities(eigs, C):
    return (eigs / (eigs + C)) ** 2
