# exercise: kernel_drift
# diagnosis: the spectral norm
# why: ord=2
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.linalg.norm(K1 - K0, 2) / np.linalg.norm(K0, 2)
