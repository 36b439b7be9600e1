# exercise: critical_point
# diagnosis: the 2 is missing
# why: the half of the inputs forgotten
def critical_point(activation):
    s = np.array([0.1, 1.0, 5.0])
    plus, minus = activation.f(s) / s, activation.f(-s) / -s
    a, b = plus[0], minus[0]
    zero = np.zeros(1)
    slope = activation.derivative(zero)[0]
    if np.ptp(plus) < 1e-9 and np.ptp(minus) < 1e-9:
        return 0.0, 1 / (a**2 + b**2)
    if activation.f(zero)[0] != 0 or slope == 0:
        raise ValueError("of neither class")
    if w @ activation.f(0.1 * u) ** 2 / slope**2 >= 0.01:
        raise ValueError("K grows")
    return 0.0, slope**-2
