# exercise: ntk_predict
# why: single precision in torch
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    K, k, y, f, g = (torch.as_tensor(v, dtype=torch.float32) for v in (K_train, K_test, Y, f0_train, f0_test))
    return g + k @ torch.linalg.solve(K, y - f)
