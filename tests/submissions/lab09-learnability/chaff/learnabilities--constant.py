# exercise: learnabilities
# diagnosis: returned shape ()
# why: one number
def learnabilities(eigs, C):
    return 0.5
