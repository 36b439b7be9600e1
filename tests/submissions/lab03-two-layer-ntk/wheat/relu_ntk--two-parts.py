# exercise: relu_ntk
# why: twice the sum of its two expectations, zero rows left alone
def relu_ntk(X, Z):
    k0, k1 = arc_cosine_kernels(X, Z)
    return 2 * (X @ Z.T * k0 + k1)
