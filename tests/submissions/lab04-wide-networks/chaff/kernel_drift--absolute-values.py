# exercise: kernel_drift
# diagnosis: the sum of absolute values
# why: L1 in place of Frobenius
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.abs(K1 - K0).sum() / np.abs(K0).sum()
