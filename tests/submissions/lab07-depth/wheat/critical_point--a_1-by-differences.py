# exercise: critical_point
# why: the sign of a_1 from derivatives at 0
def critical_point(activation):
    h = 1e-3
    left, middle, right = activation.derivative(np.array([-h, 0.0, h]))
    sides = [activation.f(np.array([z, 3 * z])) / np.array([z, 3 * z]) for z in (1.0, -1.0)]
    if all(abs(side[0] - side[1]) < 1e-9 for side in sides):
        return 0, 2 / sum(side[0] ** 2 for side in sides)
    if abs(middle) < 1e-9 or activation.f(np.zeros(1))[0] != 0:
        raise ValueError("not in the class K* = 0")
    second, third = (right - left) / (2 * h), (right - 2 * middle + left) / h**2
    if third / middle + 0.75 * (second / middle) ** 2 >= 0:
        raise ValueError("a_1 is not negative")
    return 0, 1 / middle**2
