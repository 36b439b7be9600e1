# exercise: depth_recursion
# diagnosis: averages at the new K
# why: averages at the new kernel
def depth_recursion(activation, C_b, C_W, K0, delta2, lambda_b, lambda_W):
    K, dd = K0, delta2
    T, dT = lambda_b[0] + lambda_W[0] * (K0 - C_b) / C_W, lambda_W[0] / C_W * delta2
    out = {"K_00": [K], "ddK_2": [dd], "Theta_00": [T], "ddTheta_2": [dT]}
    for layer in range(1, len(lambda_b)):
        b, W = lambda_b[layer], lambda_W[layer]
        z = np.sqrt(K) * u
        s, d1 = activation.f(z), activation.derivative(z)
        d2 = (activation.derivative(z + 1e-5) - activation.derivative(z - 1e-5)) / 2e-5
        ss, pp, cc = w @ s**2, w @ d1**2, w @ d2**2
        chi = C_W * pp
        new = np.sqrt(C_b + C_W * ss) * u
        ss_new, pp = w @ activation.f(new) ** 2, w @ activation.derivative(new) ** 2
        d2 = (activation.derivative(new + 1e-5) - activation.derivative(new - 1e-5)) / 2e-5
        cc, old = w @ d2**2, chi
        chi = C_W * pp
        dT = chi * dT + (W / C_W * chi + C_W * cc * T) * dd
        T = b + W * ss_new + chi * T
        dd = old * dd
        K = C_b + C_W * ss
        for part, value in zip(out, (K, dd, T, dT), strict=True):
            out[part].append(value)
    return {part: np.array(values) for part, values in out.items()}
