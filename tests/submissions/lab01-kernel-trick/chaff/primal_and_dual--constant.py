# exercise: primal_and_dual
# diagnosis: the first returned value
# why: zeros and one name
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    zero = np.zeros((len(Phi_test), Y.shape[1]))
    return zero, zero, "primal"
