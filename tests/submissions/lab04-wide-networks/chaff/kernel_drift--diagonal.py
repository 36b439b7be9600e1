# exercise: kernel_drift
# diagnosis: only the diagonal is compared
# why: k(x, x) only
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.linalg.norm(np.diag(K1 - K0)) / np.linalg.norm(np.diag(K0))
