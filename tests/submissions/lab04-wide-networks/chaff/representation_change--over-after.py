# exercise: representation_change
# diagnosis: divided by the norm after
# why: relative to the end
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    return np.linalg.norm(z1 - z0) / np.linalg.norm(z1)
