# exercise: feature_learning_gap
# diagnosis: the seed is ignored
# why: always the same network
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    net = networks.NTKNet(X.shape[1], width, seed=0)
    ensemble = networks.train_ensemble(lambda s: net, [0], X, y / 0.1, eta, steps)
    network = 0.1 * ensemble.outputs(X_test)[0, :, 0]
    mlp = net.mlp
    kernel = regression.kernel_regression(kernels.ntk(X, mlp=mlp), kernels.ntk(X_test, X, mlp=mlp), y)
    return {"network": np.mean((network - y_test) ** 2), "kernel": np.mean((kernel - y_test) ** 2)}
