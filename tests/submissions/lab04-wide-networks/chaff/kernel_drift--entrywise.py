# exercise: kernel_drift
# diagnosis: each entry is divided by its own old value
# why: relative change entry by entry
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.linalg.norm((K1 - K0) / K0)
