# exercise: critical_point
# diagnosis: value
# why: He initialisation for all
def critical_point(activation):
    return 0.0, 2.0
