# exercise: train_network
# diagnosis: entries are wrong
# why: the network as it is and a constant
def train_network(net, X, Y, eta, steps):
    return net, [0.0] * (steps + 1)
