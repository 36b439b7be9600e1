# exercise: digits_experiment
# why: the network in single precision, torch throughout
def digits_experiment(n_train, seed, width, eta, steps):
    images, digit = datasets.digits()
    images = 8 * images
    X_train, X_test, y_train, y_test = datasets.split(images, digit, n_train, rng=seed)
    Y = datasets.one_hot(y_train, 10)
    net = networks.NTKNet(64, width, n_out=10, C_b=0.1, seed=seed).float()

    def kernel_error(kernel, **how):
        K_train, K_test = kernel(X_train, **how), kernel(X_test, X_train, **how)
        K_train = K_train + 1e-3 * np.eye(n_train)
        return error(ntk_predict(K_train, K_test, Y, 0 * Y, np.zeros((len(X_test), 10))))

    def error(outputs):
        return np.mean(outputs.argmax(axis=1) != y_test)

    def columns(A):
        return np.column_stack([np.ones(len(A)), A])

    squared = ((X_train[:, None] - X_train) ** 2).sum(axis=-1)
    trained = train_network(net, X_train, Y + net(X_train), eta, steps)[0]
    return {
        "ntk": kernel_error(kernels.ntk, mlp=net.mlp),
        "rbf": kernel_error(kernels.gaussian_kernel, length_scale=np.median(squared[np.triu_indices(n_train, k=1)]) ** 0.5),
        "linear": error(columns(X_test) @ (np.linalg.pinv(columns(X_train)) @ Y)),
        "network": error(trained(X_test) - net(X_test)),
    }
