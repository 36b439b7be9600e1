# exercise: feature_learning_gap
# diagnosis: the targets are y where y/α belongs
# why: scales the output only
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    net = networks.NTKNet(X.shape[1], width, seed=seed)
    ensemble = networks.train_ensemble(lambda s: net, [seed], X, y, eta, steps)
    network = 0.1 * ensemble.outputs(X_test)[0, :, 0]
    mlp = net.mlp
    kernel = regression.kernel_regression(kernels.ntk(X, mlp=mlp), kernels.ntk(X_test, X, mlp=mlp), y)
    return {"network": np.mean((network - y_test) ** 2), "kernel": np.mean((kernel - y_test) ** 2)}
