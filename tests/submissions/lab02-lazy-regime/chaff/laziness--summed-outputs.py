# exercise: laziness
# diagnosis: the outputs are added up before
# why: gradient of the sum over outputs
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X).sum(1))
    J0, J1 = J(w0), J(w1)
    return (J1 - J0).norm() / J0.norm()
