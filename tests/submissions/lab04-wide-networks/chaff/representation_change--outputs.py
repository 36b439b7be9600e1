# exercise: representation_change
# diagnosis: these are the outputs
# why: index -1
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-1] for net in (net0, net1))
    return np.linalg.norm(z1 - z0) / np.linalg.norm(z0)
