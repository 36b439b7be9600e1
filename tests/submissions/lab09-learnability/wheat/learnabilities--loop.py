# exercise: learnabilities
# why: a list of numbers
def learnabilities(eigs, C):
    return [float(value) / float(value + C) if value > 0 else 0.0 for value in eigs]
