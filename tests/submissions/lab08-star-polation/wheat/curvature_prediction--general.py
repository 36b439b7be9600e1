# exercise: curvature_prediction
# why: the mended law for any norms
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    centre, first = components["Theta_00"], components["dTheta_1"]
    zeroth, second = components["ddTheta_0"], components["ddTheta_2"]
    determinant = 4 * centre * second - first**2
    bracket = 2 * second * (y_plus + y_minus) - first * (y_plus - y_minus)
    return s * y_plus + (1 - s) * y_minus - s * (1 - s) * 2 * zeroth / determinant * bracket
