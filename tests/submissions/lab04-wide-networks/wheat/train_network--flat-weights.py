# exercise: train_network
# why: torch.func on the network as a function of its flat weights
def train_network(net, X, Y, eta, steps):
    f, n = networks.NetFunction(net), len(X)
    X, Y = torch.as_tensor(X), torch.as_tensor(Y)

    def loss(w):
        return (f(w, X) - Y).square().sum() / (2 * n)

    step = torch.func.grad_and_value(loss)
    w, losses = f.w0, []
    for _ in range(steps):
        gradient, value = step(w)
        losses.append(value.item())
        w = w - eta * gradient
    return networks.NTKNet.from_config(net.config, w), [*losses, loss(w).item()]
