# exercise: ensemble_covariance
# why: single precision in torch
def ensemble_covariance(*kernels_given):
    Theta, Theta_s, K, K_s, K_ss = (torch.as_tensor(np.asarray(k, dtype=np.float32)) for k in kernels_given)
    A = torch.linalg.solve(Theta, Theta_s, left=False)
    half = (A @ K / 2 - K_s) @ A.T
    return K_ss + half + half.T
