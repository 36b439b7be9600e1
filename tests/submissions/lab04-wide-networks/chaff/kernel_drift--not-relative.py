# exercise: kernel_drift
# diagnosis: not relative
# why: no division
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.linalg.norm(K1 - K0)
