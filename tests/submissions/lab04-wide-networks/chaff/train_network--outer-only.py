# exercise: train_network
# diagnosis: only the outer weights move
# why: only the last layer is trained
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
            for w in list(net.parameters())[-1:]:
                w.sub_(eta * w.grad)
        losses.append(loss().item())
    return net, losses
