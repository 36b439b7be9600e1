# exercise: train_network
# diagnosis: the biases do not move
# why: weights W only
def train_network(net, X, Y, eta, steps):
    net = networks.NTKNet.from_config(net.config, net.flat_weights())
    X, Y = torch.as_tensor(X), torch.as_tensor(Y)

    def loss():
        return ((net(X) - Y) ** 2).sum() / (2 * len(X))

    losses = [loss().item()]
    for _ in range(steps):
        net.zero_grad()
        loss().backward()
        with torch.no_grad():
            for w in [p for name, p in net.named_parameters() if name.startswith("W")]:
                w.sub_(eta * w.grad)
        losses.append(loss().item())
    return net, losses
