# exercise: kernel_drift
# diagnosis: this is the change of the gradients
# why: the change of the Jacobian, lab 2
def kernel_drift(net0, net1, X):
    return empirical.laziness(net0, net1, X)
