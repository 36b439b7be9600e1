# exercise: representation_change
# diagnosis: wrong value
# why: one number
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    return 0.3 + 0 * z0[0, 0]
