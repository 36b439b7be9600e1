# exercise: digits_experiment
# why: scipy distances, errors counted one image at a time
from scipy.spatial.distance import pdist


def digits_experiment(n_train, seed, width, eta, steps):
    from sklearn.datasets import load_digits

    pixels, digit = load_digits(return_X_y=True)
    pixels *= 8 / np.sqrt(np.sum(pixels**2, axis=1, keepdims=True))
    order = np.random.default_rng(seed).permutation(len(pixels))
    X, Z, labels, wanted = pixels[order[:n_train]], pixels[order[n_train:]], digit[order[:n_train]], digit[order[n_train:]]
    Y = np.full((n_train, 10), -0.1)
    for i, label in enumerate(labels):
        Y[i, label] = 0.9
    net = networks.NTKNet(64, width, hidden_layers=1, n_out=10, activation="relu", C_W=2.0, C_b=0.1, seed=seed)
    sigma = float(np.sqrt(np.median(pdist(X, "sqeuclidean"))))
    no_start = {"f0_train": np.zeros((n_train, 10)), "f0_test": np.zeros((len(Z), 10))}
    ridge = 1e-3 * np.eye(n_train)
    outputs = {}
    outputs["ntk"] = ntk_predict(
        kernels.ntk(X, mlp=net.mlp) + ridge, kernels.ntk(Z, X, mlp=net.mlp), Y, **no_start
    )
    outputs["rbf"] = ntk_predict(
        kernels.gaussian_kernel(X, length_scale=sigma) + ridge,
        kernels.gaussian_kernel(Z, X, length_scale=sigma),
        Y,
        **no_start,
    )
    w = np.linalg.lstsq(np.c_[X, np.ones(n_train)], Y, rcond=None)[0]
    outputs["linear"] = np.c_[Z, np.ones(len(Z))] @ w
    start = net(Z)
    after, _ = train_network(net, X, Y + net(X), eta, steps)
    outputs["network"] = after(Z) - start
    return {
        name: sum(int(row.argmax() != digit_) for row, digit_ in zip(table, wanted)) / len(wanted)
        for name, table in outputs.items()
    }
