# exercise: kernel_drift
# diagnosis: this is the change of the weights
# why: parameters compared in place of kernels
def kernel_drift(net0, net1, X):
    w0, w1 = net0.flat_weights().numpy(), net1.flat_weights().numpy()
    return np.linalg.norm(w1 - w0) / np.linalg.norm(w0)
