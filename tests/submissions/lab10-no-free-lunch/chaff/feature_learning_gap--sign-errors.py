# exercise: feature_learning_gap
# diagnosis: counts wrong signs
# why: counts wrong signs
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    net = networks.NTKNet(X.shape[1], width, seed=seed)
    ensemble = networks.train_ensemble(lambda s: net, [seed], X, y / 0.1, eta, steps)
    network = 0.1 * ensemble.outputs(X_test)[0, :, 0]
    mlp = net.mlp
    kernel = regression.kernel_regression(kernels.ntk(X, mlp=mlp), kernels.ntk(X_test, X, mlp=mlp), y)
    return {"network": np.mean(np.sign(network) != np.sign(y_test)), "kernel": np.mean(np.sign(kernel) != np.sign(y_test))}
