# exercise: network_nfl
# diagnosis: one step too many
# why: counts from 0 to steps
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    c = len(modes)
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=s),
        range(c * seed, c * seed + c),
        np.repeat(domain[None, train], c, axis=0),
        modes[:, train],
        eta,
        steps + 1,
    )
    out = ensemble.outputs(domain)[:, :, 0]
    return np.sum(modes * out, axis=1) / np.sum(modes**2, axis=1)
