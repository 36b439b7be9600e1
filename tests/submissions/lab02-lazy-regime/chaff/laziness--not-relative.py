# exercise: laziness
# diagnosis: not divided by the norm at the start
# why: absolute change
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    return (J1 - J0).norm()
