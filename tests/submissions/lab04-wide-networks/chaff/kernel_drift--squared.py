# exercise: kernel_drift
# diagnosis: the square of the drift
# why: no root
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.sum((K1 - K0) ** 2) / np.sum(K0**2)
