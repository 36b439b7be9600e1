# exercise: polynomial_features
# why: scikit-learn has it
from sklearn.preprocessing import PolynomialFeatures


def polynomial_features(X, degree):
    return PolynomialFeatures(degree).fit_transform(X)
