# exercise: cost_exponent
# diagnosis: wrong value
# why: Cholesky costs n³
def cost_exponent(ns, seconds):
    return 3.0
