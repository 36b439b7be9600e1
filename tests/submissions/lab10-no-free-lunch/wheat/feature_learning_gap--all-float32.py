# exercise: feature_learning_gap
# why: everything in single precision, the kernel too
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    X, y, Z, truth = (np.asarray(A, dtype=np.float32) for A in (X, y, X_test, y_test))
    net = networks.NTKNet(X.shape[1], width, seed=seed)
    ensemble = networks.train_ensemble(lambda s: net, [seed], X, y / np.float32(0.1), eta, steps)
    f = np.float32(0.1) * ensemble.outputs(Z)[0, :, 0]
    guess = regression.kernel_regression(kernels.ntk(X, mlp=net.mlp), kernels.ntk(Z, X, mlp=net.mlp), y)
    return {"network": np.mean((f - truth) ** 2), "kernel": np.mean((guess - truth) ** 2)}
