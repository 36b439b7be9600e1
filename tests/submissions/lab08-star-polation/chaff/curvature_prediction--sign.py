# exercise: curvature_prediction
# diagnosis: wrong sign
# why: adds the bend
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    ratio = components["ddTheta_0"] / components["Theta_00"]
    return s * y_plus + (1 - s) * y_minus - s * (s - 1) * ratio * (y_plus + y_minus)
