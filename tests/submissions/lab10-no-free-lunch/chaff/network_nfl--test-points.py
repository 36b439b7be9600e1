# exercise: network_nfl
# diagnosis: training points were left out
# why: projects on the other points
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    c = len(modes)
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=s),
        range(c * seed, c * seed + c),
        np.repeat(domain[None, train], c, axis=0),
        modes[:, train],
        eta,
        steps,
    )
    out = ensemble.outputs(domain)[:, :, 0]
    return np.sum(np.delete(modes * out, train, 1), 1) / np.sum(np.delete(modes**2, train, 1), 1)
