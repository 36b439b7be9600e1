# exercise: kernel_drift
# diagnosis: divided by the kernel after training
# why: relative to the end
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.linalg.norm(K1 - K0) / np.linalg.norm(K1)
