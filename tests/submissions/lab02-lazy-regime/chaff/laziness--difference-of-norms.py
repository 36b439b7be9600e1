# exercise: laziness
# diagnosis: a difference of norms
# why: norms subtracted instead of Jacobians
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    return abs(J1.norm() - J0.norm()) / J0.norm()
