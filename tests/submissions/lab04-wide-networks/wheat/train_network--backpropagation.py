# exercise: train_network
# why: every derivative by hand, in NumPy
def train_network(net, X, Y, eta, steps):
    layers = [[p if p is None else p.detach().numpy().copy() for p in layer] for layer in net.layers()]
    f, slope = net.activation.f, net.activation.derivative
    n, losses = len(X), []
    for step in range(steps + 1):
        h, z = [X], []
        for (W, b), (w_scale, b_scale) in zip(layers, net.scales):
            z.append(w_scale * h[-1] @ W.T + (0 if b is None else b_scale * b))
            h.append(f(z[-1]))
        losses.append(np.sum((z[-1] - Y) ** 2) / (2 * n))
        if step == steps:
            break
        signal = (z[-1] - Y) / n
        for layer in range(len(layers) - 1, -1, -1):
            (W, b), (w_scale, b_scale) = layers[layer], net.scales[layer]
            back = w_scale * signal @ W
            W -= eta * w_scale * signal.T @ h[layer]
            if b is not None:
                b -= eta * b_scale * signal.sum(axis=0)
            if layer:
                signal = back * slope(z[layer - 1])
    flat = np.concatenate([p.ravel() for layer in layers for p in layer if p is not None])
    return networks.NTKNet.from_config(net.config, flat), np.array(losses)
