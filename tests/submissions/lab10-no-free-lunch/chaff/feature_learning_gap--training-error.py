# exercise: feature_learning_gap
# diagnosis: error on the training points
# why: tests on the training set
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    net = networks.NTKNet(X.shape[1], width, seed=seed)
    ensemble = networks.train_ensemble(lambda s: net, [seed], X, y / 0.1, eta, steps)
    network = 0.1 * ensemble.outputs(X)[0, :, 0]
    mlp = net.mlp
    kernel = regression.kernel_regression(kernels.ntk(X, mlp=mlp), kernels.ntk(X, X, mlp=mlp), y)
    return {"network": np.mean((network - y) ** 2), "kernel": np.mean((kernel - y) ** 2)}
