# exercise: representation_change
# why: single precision in torch
def representation_change(net0, net1, X):
    x = torch.as_tensor(X, dtype=torch.float32)
    z0, z1 = (net.float().preactivations(x)[net.config["hidden_layers"] - 1].detach() for net in (net0, net1))
    return ((z1 - z0).norm() / z0.norm()).item()
