# exercise: curvature_prediction
# diagnosis: coefficient 2
# why: a row sum of 1/Θ₀₀
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    ratio = components["ddTheta_0"] / components["Theta_00"]
    return s * y_plus + (1 - s) * y_minus - 2 * s * (1 - s) * ratio * (y_plus + y_minus)
