# exercise: feature_learning_gap
# why: the network in single precision
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    import torch

    network = networks.train_ensemble(
        lambda s: networks.NTKNet(X.shape[1], width, seed=s), [seed], X, 10 * y, eta, steps, dtype=torch.float32
    )
    mlp = MLP(1, "relu")
    model = regression.KernelRegressor(mlp=mlp, ridge=0.0).fit(X, y)
    guesses = {"network": np.asarray(network.outputs(X_test))[0, :, 0] / 10, "kernel": model.predict(X_test)}
    return {name: np.float32(np.square(guess - y_test).mean()) for name, guess in guesses.items()}
