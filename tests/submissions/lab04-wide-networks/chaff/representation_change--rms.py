# exercise: representation_change
# diagnosis: the root mean square of the change
# why: rms in place of a relative change
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    return np.sqrt(np.mean((z1 - z0) ** 2))
