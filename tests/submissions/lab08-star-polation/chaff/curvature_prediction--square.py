# exercise: curvature_prediction
# diagnosis: s² in place of
# why: s²
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    ratio = components["ddTheta_0"] / components["Theta_00"]
    return s * y_plus + (1 - s) * y_minus - s**2 * ratio * (y_plus + y_minus)
