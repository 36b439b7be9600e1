# exercise: representation_change
# why: forward pass written out from layers and scales
def representation_change(net0, net1, X):
    def last_hidden(net):
        h = X
        for layer, ((W, b), (w_scale, b_scale)) in enumerate(zip(net.layers(), net.scales)):
            if layer == net.config["hidden_layers"]:
                return z
            z = w_scale * h @ W.detach().numpy().T + (0 if b is None else b_scale * b.detach().numpy())
            h = net.activation.f(z)

    before, after = last_hidden(net0), last_hidden(net1)
    return np.sqrt(np.sum((after - before) ** 2) / np.sum(before**2))
