# exercise: laziness
# diagnosis: divided by the norm at the end
# why: compares with J(w1)
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    return (J1 - J0).norm() / J1.norm()
