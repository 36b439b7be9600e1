# exercise: kernel_drift
# diagnosis: only the trace is compared
# why: signed difference of traces
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    return np.trace(K1 - K0) / np.trace(K0)
