# exercise: kernel_drift
# diagnosis: the difference of the two norms
# why: norms first
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return abs(np.linalg.norm(K1) - np.linalg.norm(K0)) / np.linalg.norm(K0)
