# exercise: laziness
# diagnosis: the Jacobian at the start is taken at f.w0
# why: ignores the argument w0
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(f.w0), J(w1)
    return (J1 - J0).norm() / J0.norm()
