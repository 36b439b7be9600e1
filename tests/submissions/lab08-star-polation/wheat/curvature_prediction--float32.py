# exercise: curvature_prediction
# why: single precision
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=np.float32)
    ratio = np.float32(components["ddTheta_0"] / components["Theta_00"])
    line = s * np.float32(y_plus) + (1 - s) * np.float32(y_minus)
    return line - s * (1 - s) * ratio * np.float32(y_plus + y_minus)
