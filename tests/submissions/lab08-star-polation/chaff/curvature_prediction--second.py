# exercise: curvature_prediction
# diagnosis: ddTheta_2 in place of ddTheta_0
# why: the other part
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    ratio = components["ddTheta_0"] / components["Theta_00"]
    return s * y_plus + (1 - s) * y_minus - s * (1 - s) * components["ddTheta_2"] / components["Theta_00"] * (y_plus + y_minus)
