# exercise: representation_change
# diagnosis: the sum of absolute values
# why: L1
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    return np.abs(z1 - z0).sum() / np.abs(z0).sum()
