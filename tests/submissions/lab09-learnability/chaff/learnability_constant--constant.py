# exercise: learnability_constant
# diagnosis: wrong value
# why: one number
def learnability_constant(eigs, mults, n, ridge=0.0):
    return 2.0
