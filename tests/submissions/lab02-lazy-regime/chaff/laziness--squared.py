# exercise: laziness
# diagnosis: this is the square
# why: no root
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    return ((J1 - J0) ** 2).sum() / (J0**2).sum()
