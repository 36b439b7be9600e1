# exercise: curvature_prediction
# why: sum and difference of the targets
def curvature_prediction(components, y_plus, y_minus, s):
    epsilon = 2 * np.asarray(s, dtype=float) - 1
    half, mean = (y_plus - y_minus) / 2, (y_plus + y_minus) / 2
    bend = (1 - epsilon**2) / 2 * components["ddTheta_0"] / components["Theta_00"]
    return mean * (1 - bend) + half * epsilon
