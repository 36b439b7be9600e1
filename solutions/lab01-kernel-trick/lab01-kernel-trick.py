# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
#   ntklab:
#     title: The kernel trick
#     question: What can a linear model do that looks nonlinear?
#     minutes: 150
# ---

# %% [markdown]
# # Lab 1 · The kernel trick
#
# **The question.** This course asks why wide networks generalise, and whether that can be predicted. A wide network
# has far more weights than there are examples, and by the old rules it should learn its examples by heart and nothing
# else. It does not. To see why, we begin with a model that also has more weights than examples, even infinitely many,
# and that can be solved with pencil and paper: the *linear model*. What can it do that looks nonlinear? And how can a
# computer add up infinitely many features?
#
# By the end of this lab you will have solved it twice: once by finding weights, and once without ever looking at a
# weight. The two roads give the same prediction to the last digit. The second never touches a feature, only a measure
# of *similarity* between inputs, the **kernel**, and this is the road on which infinitely many features cost
# nothing. Every later lab walks on it.
#
# **After this lab you can**
#
# 1. say in *what* a linear model is linear, and turn inputs into polynomial features;
# 2. solve least squares with and without a ridge, and say when its solution is not unique;
# 3. replace features by a kernel, and predict with a Cholesky solve that never forms an inverse;
# 4. choose the cheaper of the two roads from the number of examples and of features, and check it with a clock;
# 5. read a prediction as a vote of remembered examples, and compare it with nearest neighbours on real images.
#
# **You need** matrix products, eigenvalues, least squares, NumPy. No earlier lab.
#
# **Time**: 150 minutes. Six exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S1**: Roberts, Yaida & Hanin, *The Principles of Deep Learning Theory*, chapter 10 | §10.4.1, (10.118)–(10.124), footnote 44 | linear models, the ridge |
# | | §10.4.2, (10.125)–(10.133), footnotes 45–47 | the kernel, the dual form, the Gaussian kernel, neighbours |
# | **S2**: H. Hadiji, *Neural Tangent Kernel*, class 5 slides | section 2: the slides "Reminder: overparameterized least-squares and the kernel trick" and "Kernelized least-squares" | the same in an hour |

# %% [markdown]
# ## How to work here
#
# Run the cells from the top. You write code where it says `YOUR CODE HERE`; the cell right below tests it at once
# and, when something is wrong, tries to name the *misconception* and not just the number. (That cell is folded; click
# its three dots to read the tests.) Hidden tests do the same on fresh inputs when the notebook is graded. Stuck? Each
# exercise has three folded hints, each nearer to code than the one before; `lab.hint("gaussian_kernel")` prints the
# next one.

# %% role="setup"
import itertools

import numpy as np
from scipy import linalg

from ntklab import datasets, lab

lab.start("lab01-kernel-trick")

# %% role="demo" name="drawing"
import time

import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (6.4, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10})

# %% [markdown]
# ## 1 · Linear in what?
#
# A one-layer network, (10.118), computes $z(x) = b + \sum_j W_j x_j$: a plane. To bend it, compute some **features**
# of the input first, numbers $\phi_1(x), \dots, \phi_{p-1}(x)$ that you fix before you see any data, and put the
# plane on those:
#
# $$z_i(x) = b_i + \sum_{j\ge1} W_{ij}\,\phi_j(x) = \sum_{j\ge0} W_{ij}\,\phi_j(x), \qquad \phi_0(x) = 1. \tag{10.119}$$
#
# The bias has become the weight of a feature that is always 1. This is a **linear model**, however wild its features:
# it is linear *in the weights*, and that is what makes it solvable. In the input it is as nonlinear as you like.
#
# Conventions, once for the whole course:
#
# | | here | S1 | S2 |
# |---|---|---|---|
# | inputs | `X`, shape `(n, d)`, one input per row | $x_{i;\delta}$, $n_0$ components | $x_1, \dots, x_n$ |
# | features | `Phi`, shape `(n, p)`, one feature vector per row | $\phi_j(x_\delta)$; $p = n_f + 1$ | $\Phi$ is the *transpose*, $p \times n$ |
# | targets | `Y`, shape `(n, c)`, one column per output | $y_{i;\tilde\alpha}$; $n = N_{\mathcal A}$ | $\mathbf Y$, one output |
# | weights | `W`, shape `(p, c)` | $W_{ij}$ is the transpose, $c \times p$ | $w$ |
# | kernel of the training inputs | `K_train` $= \Phi\Phi^\top$, `(n, n)` | $\tilde k_{\tilde\alpha_1\tilde\alpha_2}$ | $H = \Phi^\top\Phi$ |
# | kernel of test against training inputs | `K_test`, `(m, n)` | $k_{\dot\beta\tilde\alpha}$ | $k(x, x_i)$ |
# | loss | $\frac12\lVert\Phi W - Y\rVert^2 + \frac\delta2\lVert W\rVert^2$, with ridge $\delta \ge 0$ | (10.120); $\delta = 2a$ | times $1/n$ |

# %% [markdown]
# ## 2 · Worked example: two points, three features wide
#
# Two examples on the line, $x_1 = 1$ with target $2$ and $x_2 = 2$ with target $0$, and three features $\phi(x) =
# (1,\ x,\ x^2)$:
#
# $$\Phi = \begin{pmatrix} 1 & 1 & 1 \\ 1 & 2 & 4 \end{pmatrix}, \qquad Y = \begin{pmatrix} 2 \\ 0 \end{pmatrix}.$$
#
# Three weights, two equations: many parabolas go through both points. Here is the one that this course is about, in
# three steps.
#
# **Similarity.** The inner products of feature vectors, $k(x, z) = \phi(x)\cdot\phi(z) = 1 + xz + x^2z^2$:
#
# $$k(1, 1) = 3, \quad k(1, 2) = 1 + 2 + 4 = 7, \quad k(2, 2) = 1 + 4 + 16 = 21, \qquad
#   K = \begin{pmatrix} 3 & 7 \\ 7 & 21 \end{pmatrix}.$$
#
# **One number per example.** Solve $K\alpha = Y$. The determinant is $63 - 49 = 14$, so
#
# $$\alpha = \frac{1}{14}\begin{pmatrix} 21 & -7 \\ -7 & 3\end{pmatrix}\begin{pmatrix} 2 \\ 0\end{pmatrix}
#          = \begin{pmatrix} 3 \\ -1\end{pmatrix}. \qquad \text{Check: } 3\cdot 3 - 7 = 2, \quad 7\cdot 3 - 21 = 0.$$
#
# **Predict.** $f(x) = 3\,k(x, 1) - k(x, 2) = 3(1 + x + x^2) - (1 + 2x + 4x^2) = 2 + x - x^2$. At a new point, $f(3) = -4$.
# No weight was needed. If you want them, read them off: $w = \Phi^\top\alpha = (2, 1, -1)$.
#
# **Why this parabola?** Every other one through both points has weights $w + t\,(2, -3, 1)$: that vector is
# orthogonal to both rows of $\Phi$, so adding it changes nothing at the two points. It is orthogonal to $w$, too,
# since $2\cdot 2 - 3\cdot 1 - 1 = 0$. So $w$ is the **shortest** solution, with $\|w\|^2 = 6$. (The straight line, $t =
# 1$, is $4 - 2x$: not simpler in this sense, with 20.)
#
# No formula is safe until it has met a number that was found another way. So start from three zeros and let gradient
# descent on the squared error find what it likes:

# %% role="demo" name="descent"
Phi, Y = np.array([[1.0, 1, 1], [1, 2, 4]]), np.array([2.0, 0.0])
w = np.zeros(3)
for _ in range(1000):
    w = w - 0.08 * Phi.T @ (Phi @ w - Y)
print("weights after 1000 steps:", np.round(w, 6) + 0.0)
print("prediction at x = 3:     ", np.round(w @ [1, 3, 9], 6))

# %% [markdown]
# Of all parabolas through the points gradient descent picked $(2, 1, -1)$, without being told to prefer short weights.
# That is no accident. Why it does so, and where it goes when it starts elsewhere, is the subject of lab 2.

# %% [markdown]
# ## Exercise 1 · `polynomial_features`
#
# Difficulty ●○○ · 15 minutes · 3 points
#
# S1 suggests products $x_jx_k$ as features when one component should depend on another (§10.4.1). Take all of them:
# every **monomial** of the components up to a total degree. For $d = 2$ and degree 2, at $x = (2, 3)$:
#
# $$\bigl(1,\; x_1,\; x_2,\; x_1^2,\; x_1x_2,\; x_2^2\bigr) = (1,\; 2,\; 3,\; 4,\; 6,\; 9).$$
#
# **Equation**: (10.119) with $\phi_0 = 1$ in the first column.
#
# | | shape | |
# |---|---|---|
# | `X` | `(n, d)` | inputs |
# | `degree` | whole number $q \ge 0$ | largest *total* degree: $x_1x_2$ has degree 2 |
# | returns | `(n, p)` with $p = \binom{d+q}{q}$ | column 0 is 1; the order of the others is free; each monomial once, without factors |
#
# `itertools.combinations_with_replacement` is your friend: try
# `list(itertools.combinations_with_replacement(range(2), 2))`.


# %% role="answer" exercise="polynomial_features"
def polynomial_features(X, degree):
    """All monomials of the columns of X (n, d) up to the total degree, the constant 1 first: (n, p)."""
    ### BEGIN SOLUTION
    columns = [np.ones(len(X))]
    for order in range(1, degree + 1):
        for chosen in itertools.combinations_with_replacement(range(X.shape[1]), order):
            columns.append(np.prod(X[:, list(chosen)], axis=1))
    return np.column_stack(columns)
    ### END SOLUTION


# %% role="visible" exercise="polynomial_features"
t = lab.tests("polynomial_features")
X = np.array([[2.0, 3.0], [-1.0, 2.0], [0.0, 1.0]])
#                1  x1  x2 x1² x1x2 x2²
table = np.array([[1.0, 2, 3, 4, 6, 9], [1, -1, 2, 1, -2, 4], [1, 0, 1, 0, 0, 1]])
beyond = np.array([[12.0, 18, 36], [2, -4, 4], [0, 0, 0]])  # x1²x2, x1x2², x1²x2²


def products(features):
    """Inner products of all rows: they do not depend on the order of the columns."""
    features = np.asarray(features)
    return features @ features.T


t.holds(
    "a table of numbers",
    lambda: np.ndim(polynomial_features(X, 2)) == 2,
    "return an array with two axes, one row per input and one column per monomial (does the function end in `return`?)",
)
t.close(
    "degree 2 at three points, by hand (inner products of the rows)",
    lambda: products(polynomial_features(X, 2)),
    products(table),
    rtol=1e-5,  # float32 rounds at 1e-7; the nearest mistake is off by a whole column
    mistakes={
        "the constant is missing: (10.119) has φ₀ = 1 as its first feature": products(table[:, 1:]),
        "only pure powers: products of different components such as x1·x2 are missing": products(
            table[:, [0, 1, 2, 3, 5]]
        ),
        "only products of different components: the squares are missing": products(table[:, [0, 1, 2, 4]]),
        "x1·x2 and x2·x1 are one monomial: count it once": products(np.hstack([table, table[:, 4:5]])),
        "the constant stands there once for every component (X**0), and products such as x1·x2 are missing": (
            products(table[:, [0, 0, 1, 2, 3, 5]])
        ),
        "every component may have the full degree: `degree` bounds the *total* degree, so x1²·x2 has degree 3": (
            products(np.hstack([table, beyond]))
        ),
        "only the monomials of the top degree (and perhaps 1): all lower degrees belong too": products(table[:, 3:]),
        "only the monomials of the top degree and 1: all lower degrees belong too": products(table[:, [0, 3, 4, 5]]),
        "one degree too few: `degree` itself is included": products(table[:, :3]),
        "the columns are centred: no mean is subtracted, and φ₀ stays 1": products(table - table.mean(axis=0)),
        "the monomials carry the factors of (1 + x·z)²: here each enters plain, without √2": (1 + X @ X.T) ** 2,
        "rows and columns are exchanged: one row per input": products(table.T),
    },
)
t.close("there are (d + q over q) columns: 6", lambda: np.shape(polynomial_features(X, 2)), (3, 6))
t.holds(
    "the first column",
    lambda: np.allclose(np.asarray(polynomial_features(X, 2))[:, 0], 1),
    "the first column must be φ₀ = 1; only the others may come in any order",
)


def sum_over_monomials(X, degree):
    """The same inner products, one input component at a time, without listing a single monomial."""
    totals = [np.ones((len(X), len(X)))] + [np.zeros((len(X), len(X)))] * degree
    for x in X.T:
        for q in range(1, degree + 1):
            totals[q] = totals[q] + np.outer(x, x) * totals[q - 1]
    return sum(totals)


X = t.rng.standard_normal((5, 3))
t.close("degree 4 in three dimensions has 35 columns", lambda: np.shape(polynomial_features(X, 4)), (5, 35))
t.close(
    "degree 4 in three dimensions, against a sum that lists no monomial",
    lambda: products(polynomial_features(X, 4)),
    sum_over_monomials(X, 4),
    rtol=1e-4,
)
t.close("degree 0: only the constant", lambda: polynomial_features(X, 0), np.ones((5, 1)))
t.report()

# %% role="hidden" exercise="polynomial_features" points=3
# Hidden tests: fresh inputs in one to five dimensions, degrees 0 to 5, a single input.
### BEGIN HIDDEN TESTS
t = lab.tests("polynomial_features", hidden=True)


def from_exponents(X, exponents):
    """Inner products of the rows of monomials with these exponents; there may be none."""
    kernel = np.zeros((len(X), len(X)))
    for e in exponents:
        monomial = np.prod(X ** np.array(e), axis=1)
        kernel += np.outer(monomial, monomial)
    return kernel


for n, d, q in [(4, 2, 3), (5, 3, 2), (3, 1, 5), (6, 4, 1), (4, 5, 2), (2, 3, 0), (1, 2, 4)]:
    X = t.rng.uniform(-1.5, 1.5, (n, d))
    if n > 3:
        X[1, 0] = 0.0
    every = list(itertools.product(range(q + 1), repeat=d))
    wanted = [e for e in every if sum(e) <= q]
    t.holds("a table", lambda: np.ndim(polynomial_features(X, q)) == 2, "return an array with two axes, (n, p)")
    t.close(
        f"{d} components, degree {q}",
        lambda: np.asarray(polynomial_features(X, q)) @ np.asarray(polynomial_features(X, q)).T,
        from_exponents(X, wanted),
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "the constant is missing: φ₀ = 1 comes first": lambda: from_exponents(X, wanted[1:]),
            "only pure powers: products of different components are missing": lambda: from_exponents(
                X, [e for e in wanted if sum(v > 0 for v in e) < 2]
            ),
            "only products of different components: higher powers are missing": lambda: from_exponents(
                X, [e for e in wanted if max(e) < 2]
            ),
            "every component may have the full degree: `degree` bounds the total": lambda: from_exponents(X, every),
            "one degree too few": lambda: from_exponents(X, [e for e in wanted if sum(e) < q]),
            "only the monomials of the top degree": lambda: from_exponents(X, [e for e in wanted if sum(e) == q]),
            "the monomials carry the factors of (1 + x·z)^degree": (1 + X @ X.T) ** q,
        },
    )
    t.close(f"columns for {d} components, degree {q}", lambda: np.shape(polynomial_features(X, q)), (n, len(wanted)))
    t.holds(
        f"the first column for {d} components, degree {q}",
        lambda: np.allclose(np.asarray(polynomial_features(X, q))[:, 0], 1),
        "the first column must be φ₀ = 1",
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="polynomial_features"
# <details><summary>Hint 1 · concept</summary>
#
# A monomial of degree $k$ is a choice of $k$ components, where a component may be chosen more than once and the order
# of choosing does not matter: $x_1x_2$ and $x_2x_1$ are the same choice. So: go through the degrees from 1 on, and
# for each through the choices.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# For degree $k$ the choices are `itertools.combinations_with_replacement(range(d), k)`, tuples of $k$ column numbers.
# Each gives one column of shape `(n,)`: the product of these columns of `X`. Collect the columns in a list that starts
# with a column of ones, and set them side by side: `(n, p)`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# A list with `np.ones` of length $n$. Two nested loops: the degree from 1 up to and including the largest one, and the
# tuples of that degree. Selecting the tuple's columns (turn it into a list first) gives an `(n, k)` array, and
# `np.prod` along `axis=1` is the new column. At the end, `np.column_stack`.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# The digits of this course are images of 8 × 8 pixels: $d = 64$. **Before you run the next cell, write down a guess:
# how many features do you get at degree 2, 3 and 6? How much memory do they take for all 1,797 images, 8 bytes a
# number?**

# %% role="demo" name="how-many"
from math import comb

small = datasets.digits()[0][:3]
print("columns that your function makes at degree 2:", polynomial_features(small, 2).shape[1])
for degree in (1, 2, 3, 6):
    count = comb(64 + degree, degree)
    print(f"degree {degree}: {count:12,} features, {1797 * count * 8 / 1e9:12.3f} GB for all images")

# %% [markdown]
# <details><summary>What happened (open after running)</summary>
#
# 2,145 at degree 2, 47,905 at degree 3, and 131,115,985 at degree 6, which would fill 1.9 *tera*bytes. Features are a
# fine idea that does not fit into memory. Keep the number in mind until section 6. (One test of yours summed over all
# monomials without listing them, in $d \cdot q$ steps per pair of inputs. That was the kernel trick already.)
#
# </details>

# %% [markdown]
# ## 3 · The first road: find the weights
#
# The loss (10.120) is quadratic in $W$. Add the regulator of footnote 44, which prefers short weights:
#
# $$L(W) = \tfrac12\,\lVert \Phi W - Y\rVert^2 + \tfrac{\delta}{2}\,\lVert W\rVert^2.$$
#
# Its gradient is $\Phi^\top(\Phi W - Y) + \delta W$. Set it to zero:
#
# $$(\underbrace{\Phi^\top\Phi + \delta I}_{M,\ p\times p})\,W = \Phi^\top Y. \tag{10.121–10.123, 10.127}$$
#
# Three remarks.
#
# - The book writes the regulator as $a\sum W^2$, without the ½. Then $M$ carries $2a$, (10.127): the **ridge** is
#   $\delta = 2a$.
# - The sum runs over *all* weights, so the bias, the weight of $\phi_0 = 1$, is penalised as well. (scikit-learn's
#   `Ridge` spares it, so its numbers differ a little from yours.)
# - Without a ridge, $M$ has an inverse only if the columns of $\Phi$ are linearly independent. With more features than
#   examples they cannot be. In the worked example $M$ is $3\times 3$ of rank 2, and the weights are not unique.
#
# **By hand**: the line through $(0, 1), (1, 3), (2, 5)$ and the best line for $(0, 0), (1, 3), (2, 0)$, as two
# outputs of one model with features $(1, x)$:
#
# $$\Phi = \begin{pmatrix} 1 & 0\\ 1 & 1\\ 1 & 2\end{pmatrix},\quad Y = \begin{pmatrix} 1 & 0\\ 3 & 3\\ 5 & 0\end{pmatrix},\quad
# \Phi^\top\Phi = \begin{pmatrix} 3 & 3\\ 3 & 5\end{pmatrix},\quad \Phi^\top Y = \begin{pmatrix} 9 & 3\\ 13 & 3\end{pmatrix},\quad
# W = \begin{pmatrix} 1 & 1\\ 2 & 0\end{pmatrix}.$$
#
# With $\delta = 1$ the matrix has rows $(4, 3)$ and $(3, 6)$, and the weights of the two outputs are $(1, \frac53)$
# and $(\frac35, \frac15)$.

# %% [markdown]
# ## Exercise 2 · `linear_regression`
#
# Difficulty ●●○ · 20 minutes · 4 points
#
# **Equation**: (10.123), with the ridge of (10.127).
#
# | | shape | |
# |---|---|---|
# | `Phi` | `(n, p)` | features of the training inputs |
# | `Y` | `(n, c)` | targets, always two axes |
# | `ridge` | number $\delta \ge 0$ | added to the diagonal of $\Phi^\top\Phi$, as it is (not times $n$) |
# | returns | `(p, c)` | the weights: predictions are `Phi @ W` |
# | raises | `ValueError` | if the ridge is 0 and the columns of `Phi` are linearly dependent: a unique solution does not exist |
#
# The last line is not decoration. `np.linalg.solve` notices a singular matrix only if rounding happens to leave an
# exact zero, and returns numbers made of rounding otherwise. Ask for the rank yourself.


# %% role="answer" exercise="linear_regression"
def linear_regression(Phi, Y, ridge=0.0):
    """Weights (p, c) that minimise ½‖Phi W − Y‖² + ½ ridge ‖W‖²; ValueError if they are not unique."""
    ### BEGIN SOLUTION
    p = Phi.shape[1]
    if ridge == 0 and np.linalg.matrix_rank(Phi) < p:
        raise ValueError("the columns of Phi are linearly dependent, so the weights are not unique: give a ridge")
    M = Phi.T @ Phi + ridge * np.eye(p)
    return np.linalg.solve(M, Phi.T @ Y)
    ### END SOLUTION


# %% role="visible" exercise="linear_regression"
t = lab.tests("linear_regression")
Phi, Y = np.array([[1.0, 0], [1, 1], [1, 2]]), np.array([[1.0, 0], [3, 3], [5, 0]])
W0, W1 = np.array([[1.0, 1.0], [2.0, 0.0]]), np.array([[1.0, 0.6], [5 / 3, 0.2]])


def weights_with(penalty):
    """By Cramer's rule, for a diagonal penalty on two weights."""
    (a, b), (_, c) = Phi.T @ Phi + np.diag(penalty)
    return np.array([[c, -b], [-b, a]]) @ (Phi.T @ Y) / (a * c - b * b)


t.close(
    "two outputs by hand, no ridge",
    lambda: linear_regression(Phi, Y),
    W0,
    rtol=1e-4,  # float32 and the normal equations: 1e-7 times a condition number of 20
    atol=1e-5,
    mistakes={
        "rows and columns are exchanged: the weights are (p, c), so that Phi @ W predicts (the book's W is the transpose)": W0.T,
        "these are the predictions on the training inputs, not the weights": Phi @ W0,
        "this is Φᵀ Y: the system with ΦᵀΦ has not been solved": Phi.T @ Y,
        "a ridge is added although ridge = 0": W1,
    },
)
t.close(
    "the same with ridge 1, by hand",
    lambda: linear_regression(Phi, Y, 1.0),
    W1,
    rtol=1e-4,
    atol=1e-5,
    mistakes={
        "the ridge has no effect": W0,
        "the bias is not penalised: in (10.127) the ridge stands on the whole diagonal, φ₀'s place included": (
            weights_with([0, 1])
        ),
        "half of the ridge: this `ridge` is what stands on the diagonal, 2a in (10.127)": weights_with([0.5, 0.5]),
        "twice the ridge: `ridge` itself stands on the diagonal; it is already the 2a of (10.127)": weights_with(
            [2, 2]
        ),
        "the ridge is multiplied by n: the loss is a sum over examples, not a mean": weights_with([3, 3]),
        "the ridge is divided by n: the loss is a sum over examples, not a mean": weights_with([1 / 3, 1 / 3]),
        "the sign of the ridge is wrong: it is added to ΦᵀΦ": weights_with([-1, -1]),
        "the ridge is added to every entry of ΦᵀΦ: only to the diagonal": (
            np.array([[6.0, -4], [-4, 4]]) @ (Phi.T @ Y) / 8
        ),
        "rows and columns are exchanged: the weights are (p, c)": W1.T,
    },
)
Phi, Y = t.rng.standard_normal((12, 4)), t.rng.standard_normal((12, 3))
for ridge in (0.0, 0.7):
    t.close(
        f"the gradient of the loss vanishes at ridge {ridge:g}",
        lambda ridge=ridge: (
            Phi.T @ (Phi @ np.asarray(linear_regression(Phi, Y, ridge)))
            + ridge * np.asarray(linear_regression(Phi, Y, ridge))
        ),
        Phi.T @ Y,
        rtol=1e-4,
        atol=1e-4,
    )
wide = t.rng.standard_normal((3, 5))
t.close(
    "more features than examples, with a ridge, interpolates nearly (ridge 1e-3)",
    lambda: wide @ np.asarray(linear_regression(wide, Y[:3], 1e-3)),
    Y[:3] - 1e-3 * np.linalg.inv(wide @ wide.T + 1e-3 * np.eye(3)) @ Y[:3],
    rtol=1e-2,  # a float32 solve of this system errs by 1e-3
    atol=1e-2,
)
t.raises(
    "more features than examples, no ridge",
    ValueError,
    lambda: linear_regression(wide, Y[:3]),
    otherwise="the weights are not unique when Phi has more columns than rows: raise ValueError (pinv and lstsq pick one "
    "solution silently, solve returns nonsense)",
)
dependent = np.column_stack([Phi, Phi[:, 0] - Phi[:, 2]])
t.raises(
    "a column that is the difference of two others, no ridge",
    ValueError,
    lambda: linear_regression(dependent, Y),
    otherwise="the weights are not unique when a column depends on others: raise ValueError; `solve` alone does not notice",
)
t.report()

# %% role="hidden" exercise="linear_regression" points=4
# Hidden tests: fresh sizes and ridges, one feature, as many features as examples, more features; eight dependent sets.
### BEGIN HIDDEN TESTS
t = lab.tests("linear_regression", hidden=True)
true_weights = lab.reference("regression.linear_regression")


def penalised(Phi, Y, penalty):
    return np.linalg.inv(Phi.T @ Phi + np.diag(penalty)) @ (Phi.T @ Y)


for what, n, p, c in [
    ("tall", 15, 4, 2),
    ("one feature", 6, 1, 3),
    ("square", 5, 5, 2),
    ("wide", 4, 7, 2),
    ("one output", 9, 3, 1),
]:
    u = np.linalg.qr(t.rng.standard_normal((max(n, p), min(n, p))))[0] * np.linspace(1.5, 4, min(n, p))
    Phi = u if n >= p else u.T  # singular values between 1.5 and 4: float32 keeps five digits
    Phi[:, 0] += 0.3
    Y = t.rng.standard_normal((n, c))
    ridge = float(t.rng.uniform(0.4, 2.5))
    for delta in [0.0, ridge] if n > p else [ridge]:
        W = true_weights(Phi, Y, delta)
        ones = np.ones(p)
        spared = np.r_[0.0, np.ones(p - 1)]
        wrong = {
            "rows and columns are exchanged: the weights are (p, c)": W.T,
            "these are the predictions, not the weights": Phi @ W,
            "this is Φᵀ Y: no system has been solved": Phi.T @ Y,
        }
        if delta:
            wrong |= {
                "half of the ridge: `ridge` itself stands on the diagonal": penalised(Phi, Y, ones * delta / 2),
                "twice the ridge: `ridge` itself stands on the diagonal": penalised(Phi, Y, 2 * ones * delta),
                "the ridge is multiplied by n": penalised(Phi, Y, n * ones * delta),
                "the ridge is divided by n": penalised(Phi, Y, ones * delta / n),
                "the ridge has no effect": np.linalg.pinv(Phi) @ Y,
            }
            if p > 1 and n >= p:
                wrong["the bias is not penalised: the ridge stands on the whole diagonal"] = penalised(
                    Phi, Y, spared * delta
                )
        t.close(what, lambda: linear_regression(Phi, Y, delta), W, rtol=1e-4, atol=1e-5, mistakes=wrong)

for i in range(8):
    n, p = int(t.rng.integers(4, 9)), int(t.rng.integers(3, 6))
    if i % 2:
        Phi = t.rng.standard_normal((n, n + 1 + i // 3))
    else:
        Phi = t.rng.standard_normal((p + 4, p))
        Phi = np.column_stack([Phi, Phi @ t.rng.standard_normal(p)]) if i else np.column_stack([Phi, np.zeros(p + 4)])
    t.raises(
        "dependent columns, no ridge",
        ValueError,
        lambda: linear_regression(Phi, np.ones((len(Phi), 1))),
        otherwise="dependent columns must raise ValueError when the ridge is 0: ask for the rank",
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="linear_regression"
# <details><summary>Hint 1 · concept</summary>
#
# All output columns share one matrix, so one call solves for all of them. Before you solve, ask whether the solution
# exists at all: without a ridge, that is a question about the *rank* of `Phi`, compared with its number of columns.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $M = \Phi^\top\Phi + \delta I$ is `(p, p)`, the right side $\Phi^\top Y$ is `(p, c)`, and so is $W$. Solve the system
# instead of inverting $M$. `np.linalg.matrix_rank` counts independent columns up to rounding; below $p$, and with
# ridge 0, it is a `ValueError`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# If the ridge is 0 and the rank is below the number of columns: `raise ValueError("...")`. Then form the matrix, add
# the ridge times `np.eye` of the right size, and hand it to `np.linalg.solve` together with the transposed features
# times the targets.
#
# </details>

# %% [markdown]
# ### See it: a plane that draws circles
#
# Sixty points in the plane, half of them in a disk (target $+1$), half in a ring around it (target $-1$). No straight
# line separates them. Your linear model does, once it may look at squares. The grey level is the prediction, the line
# where it is zero.


# %% role="figure" name="ring"
def disk_and_ring(n, seed):
    rng = np.random.default_rng(seed)
    radius = np.concatenate([np.sqrt(rng.uniform(0, 1, n // 2)), rng.uniform(1.25, 2, n - n // 2)])
    angle = rng.uniform(0, 2 * np.pi, n)
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + 0.1 * rng.standard_normal((n, 2))
    return points, np.where(np.arange(n) < n // 2, 1.0, -1.0)[:, None]


points, side = disk_and_ring(60, seed=0)
fresh, fresh_side = disk_and_ring(4000, seed=1)
line = np.linspace(-2.5, 2.5, 101)
grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
fig, axes = plt.subplots(1, 3, figsize=(9.5, 3.5), sharey=True)
for ax, degree in zip(axes, [1, 2, 8], strict=True):
    W = linear_regression(polynomial_features(points, degree), side, 1e-3)
    heights = (polynomial_features(grid, degree) @ W).reshape(101, 101)
    ax.imshow(np.clip(heights, -1.5, 1.5), extent=(-2.5, 2.5, -2.5, 2.5), origin="lower", cmap="gray", vmin=-2, vmax=2)
    ax.contour(line, line, heights, levels=[0], colors="k", linewidths=1.5)
    for sign, style in [(1, "wo"), (-1, "k^")]:
        ax.plot(*points[side[:, 0] == sign].T, style, mec="k", ms=5, label="disk, +1" if sign > 0 else "ring, −1")
    wrong = np.mean(polynomial_features(fresh, degree) @ W * fresh_side < 0)
    ax.set(title=f"degree {degree}: {W.size} features\nerror on fresh points {wrong:.1%}", xlabel="$x_1$")
    ax.grid(visible=False)
axes[0].set(ylabel="$x_2$")
axes[0].legend(loc="lower left", frameon=True, fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Three maps of the plane with sixty points, circles inside a disk and triangles in a ring around it. With degree 1 the prediction is a plane, its zero line misses the pattern and about half of all points are wrong. With degree 2 the zero line is an ellipse around the disk. With degree 8, 45 features, it winds between single points and calls whole regions outside the ring a disk.](ring.png)
#
# Nothing about the model changed from panel to panel except the features: it is a plane in 3, 6 and 45 dimensions.
# Degree 8 has nearly as many features as there are points, winds around single ones and does worse than degree 2.
# This is the old rule: too many weights, too little data. Section 5 takes infinitely many features on the same
# points. A guess?
#
# </details>
#
# ### No wiring
#
# All outputs share $M$, and output $i$ uses the targets of output $i$ only. Replace the targets of the second output
# by noise and see what the first one predicts. S1 calls this *no wiring*, at the end of §10.4.2: a linear model
# cannot use what it learned about one output for another.

# %% role="demo" name="no-wiring"
rng = np.random.default_rng(0)
Phi, two_targets = polynomial_features(points, 4), np.hstack([side, points[:, :1]])
replaced = np.hstack([side, rng.standard_normal((60, 1))])
one, other = (linear_regression(Phi, targets, 0.1) for targets in (two_targets, replaced))
print("largest change of the first output's weights: ", np.abs(one - other)[:, 0].max())
print("largest change of the second output's weights:", np.abs(one - other)[:, 1].max().round(3))

# %% [markdown]
# ## 4 · Similarity instead of features
#
# In the worked example only inner products of feature vectors were needed. Their name is **kernel**:
#
# $$k(x, z) = \sum_{j\ge 0} \phi_j(x)\,\phi_j(z). \tag{10.126}$$
#
# It is large for inputs with similar features. The point: one can often sum the series *before* computing a single
# feature. Take one input component and the infinitely many features $\phi_j(x) = e^{-x^2/2}\,x^j/\sqrt{j!}$:
#
# $$\sum_{j=0}^{\infty}\phi_j(x)\,\phi_j(z) = e^{-x^2/2}\,e^{-z^2/2}\sum_{j=0}^\infty\frac{(xz)^j}{j!} = e^{-x^2/2 - z^2/2 + xz} = e^{-(x - z)^2/2}.$$
#
# Infinitely many features, one exponential. With a **length scale** $\sigma$, which says how far "near" reaches, and
# for any number of components, this is the **Gaussian kernel** (footnote 46):
#
# $$k(x, z) = \exp\Bigl[-\frac{1}{2\sigma^2}\,\lVert x - z\rVert^2\Bigr]. \tag{10.133}$$
#
# **By hand**: $x = (1, 2)$ and $z = (4, 6)$ lie $\sqrt{9 + 16} = 5$ apart. With $\sigma = 5$, $k = e^{-25/50} =
# e^{-1/2} \approx 0.607$. With $\sigma = 1$ it is $e^{-12.5} \approx 4\cdot 10^{-6}$: practically strangers.

# %% [markdown]
# ## Exercise 3 · `gaussian_kernel`
#
# Difficulty ●●○ · 15 minutes · 3 points
#
# **Equation**: (10.133), with $\sigma$ called `length_scale`.
#
# | | shape | |
# |---|---|---|
# | `X`, `Z` | `(n, d)`, `(m, d)` | two sets of inputs, of different sizes in general |
# | `length_scale` | positive number | in the units of the inputs |
# | returns | `(n, m)` | $k(x_j, z_l)$, never `nan` |
#
# No Python loops: in section 8 you will need a million entries at a time. Two ways without loops: (i) all differences
# at once, an array of shape `(n, m, d)`; (ii) $\lVert x - z\rVert^2 = \lVert x\rVert^2 + \lVert z\rVert^2 - 2\,x\cdot
# z$, which needs only `(n, m)` but can come out as a tiny *negative* number where $x = z$.


# %% role="answer" exercise="gaussian_kernel"
def gaussian_kernel(X, Z, length_scale):
    """Gaussian kernel (n, m) between the rows of X (n, d) and of Z (m, d)."""
    ### BEGIN SOLUTION
    squares = np.sum(X**2, axis=1)[:, None] + np.sum(Z**2, axis=1) - 2 * X @ Z.T
    return np.exp(-np.maximum(squares, 0) / (2 * length_scale**2))
    ### END SOLUTION


# %% role="visible" exercise="gaussian_kernel"
t = lab.tests("gaussian_kernel")
X, Z = np.array([[0.0, 0, 0], [1, 1, 0]]), np.array([[1.0, 0, 0], [1, 2, 0], [0, 0, 2]])
apart2, apart1 = np.array([[1.0, 5, 4], [1, 1, 6]]), np.array([[1.0, 3, 2], [1, 1, 4]])  # ‖x − z‖² and Σ|x − z|
s = 1.5
kernel = np.exp(-apart2 / 4.5)
t.close(
    "two inputs against three, by hand, σ = 1.5",
    lambda: gaussian_kernel(X, Z, s),
    kernel,
    rtol=1e-4,
    mistakes={
        "the ½ is missing: the exponent is −‖x − z‖²/(2σ²)": np.exp(-apart2 / s**2),
        "σ is not squared: the exponent is −‖x − z‖²/(2σ²)": np.exp(-apart2 / (2 * s)),
        "σ is not squared and the ½ is missing": np.exp(-apart2 / s),
        "the 2 is squared along with σ: 2σ², not (2σ)²": np.exp(-apart2 / (2 * s) ** 2),
        "the length scale multiplies: this is exp(−γ‖x − z‖²) with γ = σ, scikit-learn's convention; here γ = 1/(2σ²)": (
            np.exp(-s * apart2)
        ),
        "the length scale multiplies: divide by 2σ²": np.exp(-apart2 * s**2 / 2),
        "the distance is not squared": np.exp(-np.sqrt(apart2) / (2 * s**2)),
        "the distance is not squared: exp(−‖x − z‖/σ) is another kernel": np.exp(-np.sqrt(apart2) / s),
        "the distance is not squared: this divides it by σ²": np.exp(-np.sqrt(apart2) / s**2),
        "the sum of absolute differences in place of the Euclidean distance": np.exp(-(apart1**2) / (2 * s**2)),
        "the mean over components in place of the sum: (10.133) sums the squared differences": np.exp(
            -apart2 / (6 * s**2)
        ),
        "the sign is missing: similarity falls with the distance": np.exp(apart2 / (2 * s**2)),
        "a normalising factor: this kernel is 1 where x = z, not a probability density": (
            kernel / (2 * np.pi * s**2) ** 1.5
        ),
        "a normalising factor: this kernel is 1 where x = z, not a density": kernel / np.sqrt(2 * np.pi * s**2),
        "these are the squared distances: the exponential is missing": apart2,
        "this is the exponent: the exponential is missing": -apart2 / (2 * s**2),
        "rows and columns are exchanged: rows belong to X, columns to Z": kernel.T,
    },
)
X, Z = t.rng.standard_normal((4, 1)), t.rng.standard_normal((3, 1))
count = np.arange(60)
factorials = np.cumprod(np.maximum(count, 1).astype(float))


def many_features(x):
    return np.exp(-(x**2) / 2) * x**count / np.sqrt(factorials)


t.close(
    "one component, σ = 1: it equals the inner product of the first 60 features",
    lambda: gaussian_kernel(X, Z, 1.0),
    many_features(X) @ many_features(Z).T,
    rtol=1e-4,
)
X, Z, shift = t.rng.standard_normal((5, 3)), t.rng.standard_normal((4, 3)), np.array([3.0, -2.0, 1.0])
t.close(
    "moving all inputs by the same vector changes nothing",
    lambda: gaussian_kernel(X + shift, Z + shift, 0.8),
    lambda: gaussian_kernel(X, Z, 0.8),
    rtol=1e-4,
    atol=1e-5,
)
X = 3 * t.rng.standard_normal((200, 20))
t.close(
    "200 inputs against themselves: 1 on the diagonal, no nan",
    lambda: np.diagonal(np.asarray(gaussian_kernel(X, X, 2.0))),
    np.ones(200),
    rtol=1e-4,  # ‖x‖² ≈ 180 in float32 leaves an error of 2e-5 in the squared distance
    mistakes={
        "nan or a value off 1 on the diagonal": np.full(200, np.nan),
    },
)
t.holds(
    "200 inputs against themselves: finite",
    lambda: np.isfinite(np.asarray(gaussian_kernel(X, X, 2.0))).all(),
    "nan where x = z: rounding makes ‖x‖² + ‖z‖² − 2x·z a tiny negative number, which has no root; take its positive "
    "part, and square roots are not needed at all",
)
t.report()

# %% role="hidden" exercise="gaussian_kernel" points=3
# Hidden tests: fresh inputs and length scales, one input each, equal rows, 300 inputs against themselves.
### BEGIN HIDDEN TESTS
t = lab.tests("gaussian_kernel", hidden=True)
reference = lab.reference("kernels.gaussian_kernel")
for what, n, m, d in [
    ("fresh inputs", 5, 4, 3),
    ("many components", 3, 6, 40),
    ("one input each", 1, 1, 2),
    ("one component", 6, 2, 1),
]:
    X, Z = t.rng.standard_normal((n, d)), t.rng.standard_normal((m, d))
    s = float(t.rng.uniform(1.15, 1.7) * np.sqrt(d))
    kernel = reference(X, Z, length_scale=s)
    apart = np.linalg.norm(X[:, None] - Z[None], axis=2)
    t.close(
        what,
        lambda: gaussian_kernel(X, Z, s),
        kernel,
        rtol=1e-4,
        mistakes={
            "the ½ is missing": kernel**2,
            "σ is not squared": np.exp(-(apart**2) / (2 * s)),
            "σ is not squared and the ½ is missing": np.exp(-(apart**2) / s),
            "the 2 is squared along with σ": np.exp(-(apart**2) / (2 * s) ** 2),
            "the length scale multiplies: γ = 1/(2σ²)": np.exp(-s * apart**2),
            "the length scale multiplies: divide by 2σ²": np.exp(-(apart**2) * s**2 / 2),
            "the distance is not squared": np.exp(-apart / (2 * s**2)),
            "the distance is not squared: exp(−‖x − z‖/σ) is another kernel": np.exp(-apart / s),
            "the mean over components in place of the sum": np.exp(-(apart**2) / (2 * d * s**2)),
            "the sign is missing": 1 / kernel,
            "a normalising factor: this kernel is 1 where x = z": kernel / (2 * np.pi * s**2) ** (d / 2),
            "the exponential is missing": apart**2,
            "rows and columns are exchanged": kernel.T,
        },
    )
X = t.rng.uniform(1, 3) * t.rng.standard_normal((300, 15))
t.holds(
    "300 inputs against themselves",
    lambda: np.isfinite(np.asarray(gaussian_kernel(X, X, 2.0))).all(),
    "nan where x = z: take the positive part of the squared distance",
)
X = t.rng.standard_normal((6, 4))
Z = np.vstack([X[2], X[0], X[2] + 1e-3, np.zeros(4)])
s = float(t.rng.uniform(0.6, 1.2))
t.close(
    "equal rows, and a zero row",
    lambda: gaussian_kernel(X, Z, s),
    reference(X, Z, length_scale=s),
    rtol=1e-4,
    atol=1e-6,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="gaussian_kernel"
# <details><summary>Hint 1 · concept</summary>
#
# You need the table of all squared distances, rows of `X` down and rows of `Z` across; the rest acts entry by entry.
# NumPy makes tables from a column of shape `(n, 1)` and a row of shape `(m,)` by broadcasting.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $\lVert x_j - z_l\rVert^2 = \lVert x_j\rVert^2 + \lVert z_l\rVert^2 - 2\,x_j\cdot z_l$: a column `(n, 1)` of squared
# lengths, plus a row `(m,)` of squared lengths, minus twice `X @ Z.T`. Replace tiny negative entries by 0. The kernel
# is the exponential of minus this table, over $2\sigma^2$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Squared lengths of rows: square, then `np.sum` with `axis=1`; make the first a column with `[:, None]`. `np.maximum`
# with 0 removes the negative rounding. Divide by two times the length scale squared, mind the brackets, and take
# `np.exp` of the negative.
#
# </details>

# %% [markdown]
# ### See it: how many features is infinitely many?
#
# Cut the series above after $p$ features and compare with your kernel. The solid line is $k(x, z)$ at $z = 2$; the
# others use the first $p$ features.

# %% role="figure" name="series"
x, z = np.linspace(-3, 5, 201), 2.0
fig, ax = plt.subplots()
ax.plot(x, gaussian_kernel(x[:, None], np.array([[z]]), 1.0)[:, 0], "k-", lw=2.2, label="Gaussian kernel")
for p, style in zip([3, 6, 12], [":", "-.", "--"], strict=True):
    powers = np.arange(p)
    factorial = np.cumprod(np.maximum(powers, 1.0))
    series = np.exp(-(x**2) / 2 - z**2 / 2) * np.sum((x[:, None] * z) ** powers / factorial, axis=1)
    ax.plot(x, series, color="0.35", ls=style, lw=1.6, label=f"first {p} features")
ax.axvline(z, color="0.7", lw=0.8)
ax.set(xlabel="x", ylabel="k(x, z) at z = 2", ylim=(-0.1, 1.1))
ax.legend()
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![The Gaussian kernel as a function of x is a bell centred on z = 2 with height 1. The sum of the first 3 features is a low bump near x = 1; that of 6 features rises to about 0.8 left of the centre; that of 12 features lies on the bell except far to the right.](series.png)
#
# Twelve features do well here. But the larger $|x|$ and $|z|$ in units of $\sigma$, the more are needed, and in $d$
# components their number is a binomial coefficient again. The kernel costs $d$ multiplications.
#
# </details>

# %% [markdown]
# ## 5 · The second road: predict without weights
#
# Where do features enter the prediction? Put the weights into it, for test features $\Phi_\ast$ of shape `(m, p)`:
#
# $$f = \Phi_\ast W = \Phi_\ast\,(\Phi^\top\Phi + \delta I)^{-1}\,\Phi^\top Y. \tag{10.125}$$
#
# Now $(\Phi^\top\Phi + \delta I)\,\Phi^\top = \Phi^\top\Phi\Phi^\top + \delta\Phi^\top = \Phi^\top\,(\Phi\Phi^\top +
# \delta I)$. Multiply by one inverse from the left and by the other from the right: $\Phi^\top(\Phi\Phi^\top + \delta
# I)^{-1} = (\Phi^\top\Phi + \delta I)^{-1}\Phi^\top$. The transposed features have been *pushed through*, and the
# inverse has changed its size from $p\times p$ to $n\times n$:
#
# $$f = \Phi_\ast\Phi^\top\,(\Phi\Phi^\top + \delta I)^{-1}\,Y = K_\text{test}\,(K_\text{train} + \delta I)^{-1}\,Y. \tag{10.131}$$
#
# Features occur only in inner products. So you may take any kernel, and never ask for its features. This is the
# **kernel trick**, and the **dual** form of the model.
#
# The book arrives at (10.131) without a ridge, and uses $M^{-1}$ and $\tilde k^{-1}$ in one line, (10.129). Careful:
# $M$ is $p \times p$ of rank at most $n$, and $\tilde k$ is $n\times n$ of rank at most $p$, so both have inverses
# only if $p = n$. With a ridge, both always do, and (10.131) is what remains as $\delta \to 0$ wherever $\tilde k$ is
# regular. That needs $p \ge n$, and more: two equal inputs make two equal rows.
#
# **By hand**: the worked example. $K_\text{train} = \begin{pmatrix} 3 & 7\\ 7 & 21\end{pmatrix}$; for the test points
# $x = 0, 3, -1$ the rows $(k(x, 1), k(x, 2))$ are $(1, 1)$, $(13, 43)$ and $(1, 3)$. With $\alpha = (3, -1)$ the
# predictions are $2$, $-4$ and $0$.
#
# **Solve, do not invert.** $K_\text{train} + \delta I$ is symmetric and positive definite, so it has a Cholesky
# factor: $K_\text{train} + \delta I = LL^\top$ with $L$ lower triangular. Solving with $L$ and then with $L^\top$ is
# cheaper than the inverse, and more exact: kernel matrices are often nearly singular, and then an explicit inverse
# loses digits that a solve keeps. The same goes for "a little jitter on the diagonal": it is a ridge, only one that
# nobody wrote down.

# %% [markdown]
# ## Exercise 4 · `kernel_predict`
#
# Difficulty ●●○ · 20 minutes · 4 points
#
# **Equation**: (10.131) with the ridge of (10.127).
#
# | | shape | |
# |---|---|---|
# | `K_train` | `(n, n)` | kernel of the training inputs, symmetric |
# | `K_test` | `(m, n)` | kernel of test × training inputs: row $i$ belongs to test input $i$ |
# | `Y` | `(n, c)` | targets, always two axes |
# | `ridge` | number $\delta \ge 0$ | added to the diagonal of `K_train`, as it is |
# | returns | `(m, c)` | predictions |
#
# By a Cholesky solve: `linalg` is SciPy's, with `linalg.cho_factor` and `linalg.cho_solve`. No explicit inverse and no
# jitter: one test has a matrix of condition $10^6$ and notices both.


# %% role="answer" exercise="kernel_predict"
def kernel_predict(K_train, K_test, Y, ridge=0.0):
    """Predictions (m, c) of kernel regression with targets Y (n, c); K_test (m, n) is test × train."""
    ### BEGIN SOLUTION
    factor = linalg.cho_factor(K_train + ridge * np.eye(len(K_train)))
    return K_test @ linalg.cho_solve(factor, Y)
    ### END SOLUTION


# %% role="visible" exercise="kernel_predict"
t = lab.tests("kernel_predict")
K_train, Y = np.array([[3.0, 7.0], [7.0, 21.0]]), np.array([[2.0, 0.0], [0.0, 14.0]])
K_test = np.array([[1.0, 1.0], [13.0, 43.0], [1.0, 3.0]])  # test points 0, 3 and −1
predictions = np.array([[2.0, -4.0], [-4.0, 38.0], [0.0, 2.0]])  # 2 + x − x² and −4 − x + 5x²


def with_ridge(delta):
    """By Cramer's rule."""
    (a, b), (_, c) = K_train + delta * np.eye(2)
    return K_test @ (np.array([[c, -b], [-b, a]]) @ Y) / (a * c - b * b)


wrong = {
    "K_train multiplies where it must be solved with: the book's index position hides the inverse (10.128)": (
        K_test @ K_train @ Y
    ),
    "K_train does not enter: K_test @ Y is a vote of all examples, but they do not know of each other": K_test @ Y,
    "K_train does not enter: weights that sum to one make a smoother, not the least-squares prediction": (
        K_test / K_test.sum(axis=1, keepdims=True) @ Y
    ),
}
t.close(
    "the worked example at x = 0, 3, −1, with a second output",
    lambda: kernel_predict(K_train, K_test, Y),
    predictions,
    rtol=1e-3,  # float32 at a condition number of 40, and differences of numbers of size 600
    atol=1e-3,
    mistakes={
        **wrong,
        "these are the dual weights α: multiply K_test by them": np.array([[3.0, -7.0], [-1.0, 3.0]]),
        "these are the predictions on the training inputs: use K_test": Y,
        "a ridge is added although ridge = 0": with_ridge(1.0),
        "rows and columns are exchanged: one row per test input": predictions.T,
    },
)
t.close(
    "the same with ridge 1",
    lambda: kernel_predict(K_train, K_test, Y, 1.0),
    with_ridge(1.0),
    rtol=1e-3,
    atol=1e-3,
    mistakes={
        **wrong,
        "the ridge has no effect": predictions,
        "the ridge is multiplied by n: it is added as it is": with_ridge(2.0),
        "half of the ridge: `ridge` itself stands on the diagonal": with_ridge(0.5),
        "the sign of the ridge is wrong: it is added": with_ridge(-1.0),
        "the ridge is added to every entry of K_train: only to the diagonal": (
            K_test @ (np.array([[22.0, -8], [-8, 4]]) @ Y) / 24
        ),
    },
)
square = np.array([[1.0, 1.0], [13.0, 43.0]])
t.close(
    "as many test as training inputs",
    lambda: kernel_predict(K_train, square, Y),
    predictions[:2],
    rtol=1e-3,
    atol=1e-3,
    mistakes={
        "K_test is transposed: it is test × train, so K_test @ α needs no transpose": (
            square.T @ np.array([[3.0, -7.0], [-1.0, 3.0]])
        ),
    },
)
X, X_test, Y = t.rng.standard_normal((8, 2)), t.rng.standard_normal((3, 2)), t.rng.standard_normal((8, 2))
K_train, K_test = X @ X.T, X_test @ X.T
primal = X_test @ np.linalg.inv(X.T @ X + 0.5 * np.eye(2)) @ X.T @ Y
t.close(
    "with inner products for a kernel it is the first road's prediction (ridge 0.5)",
    lambda: kernel_predict(K_train, K_test, Y, 0.5),
    primal,
    rtol=1e-3,
    atol=1e-3,
)
turn = np.linalg.qr(t.rng.standard_normal((30, 30)))[0]
K_train = (turn * np.geomspace(1, 1e-6, 30)) @ turn.T
K_train = (K_train + K_train.T) / 2
alpha = t.rng.standard_normal((30, 1))


def how_exact():
    """Predict the training targets K_train α. A solve leaves 3e-15, an inverse more than 1e-12, jitter j leaves j·α."""
    answer = np.asarray(kernel_predict(K_train, K_train, K_train @ alpha))
    if answer.shape != (30, 1):
        return "shape"
    gap = answer - K_train @ alpha
    if np.abs(gap).max() < (1e-4 if answer.dtype == np.float32 else 5e-14):
        return "solved"
    along = -float(np.sum(gap * alpha) / np.sum(alpha * alpha))
    return "jitter" if np.linalg.norm(gap + along * alpha) < 0.5 * np.linalg.norm(gap) else "inverse"


t.close(
    "a nearly singular kernel: the training targets come back",
    how_exact,
    "solved",
    mistakes={
        "digits are lost: an explicit inverse loses what a solve keeps; use cho_factor and cho_solve": "inverse",
        "there is jitter on the diagonal that nobody asked for: add `ridge` and nothing else": "jitter",
        "the answer's shape is wrong: (m, c)": "shape",
    },
)
t.report()

# %% role="hidden" exercise="kernel_predict" points=4
# Hidden tests: fresh kernels, ridges and sizes; one training input; more test than training inputs; a nearly singular kernel.
### BEGIN HIDDEN TESTS
t = lab.tests("kernel_predict", hidden=True)
true_predictions = lab.reference("regression.kernel_regression")
for what, n, m, c in [
    ("fresh kernels", 6, 4, 2),
    ("one training input", 1, 3, 2),
    ("one test input, one output", 5, 1, 1),
    ("square", 4, 4, 3),
]:
    features = t.rng.standard_normal((n + m, n + m + 3))
    kernel = features @ features.T / (n + m)
    K_train, K_test = kernel[:n, :n] + 0.3 * np.eye(n), kernel[n:, :n]
    Y = t.rng.standard_normal((n, c))
    ridge = float(t.rng.uniform(0.3, 2.0))
    for delta in (0.0, ridge):
        f = true_predictions(K_train, K_test, Y, delta)
        wrong = {
            "K_train multiplies where it must be solved with": K_test @ K_train @ Y,
            "K_train does not enter": K_test @ Y,
        }
        if n > 1:  # with one training input the weights of a smoother are all 1
            wrong["K_train does not enter: weights that sum to one make a smoother"] = (
                K_test / K_test.sum(axis=1, keepdims=True) @ Y
            )
        if n == m:
            wrong["K_test is transposed: it is test × train"] = true_predictions(K_train, K_test.T, Y, delta)
            wrong["these are the dual weights α"] = true_predictions(K_train, np.eye(n), Y, delta)
        if delta:
            wrong["the ridge has no effect"] = true_predictions(K_train, K_test, Y)
            wrong["the ridge is multiplied by n"] = true_predictions(K_train, K_test, Y, n * delta)
            wrong["half of the ridge"] = true_predictions(K_train, K_test, Y, delta / 2)
        t.close(what, lambda: kernel_predict(K_train, K_test, Y, delta), f, rtol=1e-3, atol=1e-4, mistakes=wrong)

for n in (20, 35):
    turn = np.linalg.qr(t.rng.standard_normal((n, n)))[0]
    K_train = (turn * np.geomspace(1, 1e-6, n)) @ turn.T
    K_train = (K_train + K_train.T) / 2
    alpha = t.rng.standard_normal((n, 2))

    def exactness():
        answer = np.asarray(kernel_predict(K_train, K_train, K_train @ alpha))
        if answer.shape != alpha.shape:
            return "shape"
        gap = answer - K_train @ alpha
        if np.abs(gap).max() < (1e-4 if answer.dtype == np.float32 else 5e-14):
            return "solved"
        along = -float(np.sum(gap * alpha) / np.sum(alpha * alpha))
        return "jitter" if np.linalg.norm(gap + along * alpha) < 0.5 * np.linalg.norm(gap) else "inverse"

    t.close(
        "a nearly singular kernel",
        exactness,
        "solved",
        mistakes={
            "digits are lost: solve, do not invert": "inverse",
            "there is jitter on the diagonal that nobody asked for": "jitter",
            "the answer's shape is wrong: (m, c)": "shape",
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="kernel_predict"
# <details><summary>Hint 1 · concept</summary>
#
# Two steps, as in the worked example: one number per training example and output (solve), then a weighted sum of
# similarities (multiply). Only the first step knows the ridge; only the second knows the test inputs.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Solve $(K_\text{train} + \delta I)\,\alpha = Y$ for $\alpha$, `(n, c)`; then $f = K_\text{test}\,\alpha$, `(m, n)`
# times `(n, c)`. The ridge stands on the diagonal only. `linalg.cho_factor` takes the matrix and returns a factor;
# `linalg.cho_solve` takes that factor and the right side.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Add the ridge times `np.eye` of size $n$ to the training kernel, and pass the sum to `cho_factor`. Pass what comes
# back, unopened, to `cho_solve` as its first argument, the targets as its second. Multiply the test kernel (from the
# left, with `@`) by the result.
#
# </details>

# %% [markdown]
# ### Turn the knobs
#
# Twenty-five noisy points on a curve, your Gaussian kernel, and two knobs. The dashed line is the curve the points
# came from. Before you move them: what should happen when the length scale is much smaller than the distance between
# points? What when the ridge is large?


# %% role="figure" name="slider"
def draw(length_scale, ridge):
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(-1, 1, 25))[:, None]
    y = np.sin(5 * x) + 0.2 * rng.standard_normal(x.shape)
    grid = np.linspace(-1.3, 1.3, 400)[:, None]
    prediction = kernel_predict(gaussian_kernel(x, x, length_scale), gaussian_kernel(grid, x, length_scale), y, ridge)
    fig, ax = plt.subplots(figsize=(5, 3))
    ax.plot(grid, np.sin(5 * grid), "--", color="0.6", lw=1.2, label="truth")
    ax.plot(grid, prediction, "k-", lw=1.6, label=f"prediction, ridge {ridge:g}")
    ax.plot(x, y, "ko", mfc="white", ms=5, label="examples")
    ax.set(xlabel="x", ylabel="f(x)", ylim=(-2, 2.4))
    ax.legend(loc="upper center", ncols=3, fontsize=8)
    return fig


lab.slider(
    draw,
    length_scale=[0.02, 0.1, 0.3, 2.0],
    ridge=[0.03, 1e-4, 1.0, 30.0],
    alt="Gaussian kernel regression through 25 noisy points at four length scales, from spikes to an almost straight line",
)

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Four panels. At length scale 0.02 the prediction is a row of separate spikes through the points that falls to zero between them. At 0.1 it follows the points with some wiggles, at 0.3 it lies close to the dashed sine. At 2 it is too stiff to follow and misses the bends.](slider.png)
#
# Too short: each example speaks for itself only, and between examples the prediction falls back to 0. Too long: the
# ridge forbids the large weights that a bend would need. The right length scale is the size of the structure in the *target*,
# and no one tells you that size. Lab 9 computes how well a given kernel fits a given target before it is trained.
#
# </details>

# %% [markdown]
# ### The old rule, broken
#
# Remember the disk and the ring: 45 features for 60 points were too many. Your Gaussian kernel has infinitely many.
# What does it make of the same 60 points?

# %% role="demo" name="ring-again"
for length_scale in (0.5, 1.0, 2.0):
    kernel = gaussian_kernel(points, points, length_scale)
    answers = kernel_predict(kernel, gaussian_kernel(fresh, points, length_scale), side, 1e-3)
    print(
        f"Gaussian kernel, length scale {length_scale}: error on fresh points {np.mean(answers * fresh_side < 0):.1%}"
    )

# %% [markdown]
# So it is not the *number* of features that does harm. What counts is how their weights are kept short, and which
# features are expensive: the Gaussian kernel's $\phi_j$ shrink like $1/\sqrt{j!}$, so that a wiggly function needs
# long weights. Lab 9 turns this into a formula that predicts the error.

# %% [markdown]
# ## 6 · Which road is cheaper?
#
# Both roads end at the same prediction. They cost different amounts: the first solves a $p \times p$ system, about
# $p^3$ operations (and $n p^2$ to form it); the second an $n\times n$ system, about $n^3$ (and $n^2 p$ to form it
# from features). So count: few features, many examples: primal. Many features, few examples: dual.

# %% [markdown]
# ## Exercise 5 · `primal_and_dual`
#
# Difficulty ●●○ · 15 minutes · 4 points
#
# **Equation**: (10.124) on the one side, (10.131) on the other, with the *same* ridge.
#
# | | shape | |
# |---|---|---|
# | `Phi_train`, `Phi_test` | `(n, p)`, `(m, p)` | features of training and test inputs |
# | `Y` | `(n, c)` | targets |
# | `ridge` | number $\delta > 0$ | |
# | returns | `(f_primal, f_dual, name)` | two arrays `(m, c)`, the test predictions by weights and by kernels, and `"primal"` or `"dual"`: which solves the smaller system; `"primal"` when they are equal |
#
# Use your `linear_regression` and `kernel_predict`. Decide by counting, not by a clock.
#
# **By hand**: the two points of section 2 with $\delta = 1$ and the test point 3. The matrix $K + I$ has rows $(4, 7)$
# and $(7, 22)$ and determinant 39, so $\alpha = (44, -14)/39$, and
#
# $$f(3) = \frac{13\cdot 44 - 43\cdot 14}{39} = -\frac{30}{39} = -\frac{10}{13}.$$
#
# By weights: $w = \Phi^\top\alpha = (30, 16, -12)/39$ and $f(3) = (30 + 48 - 108)/39$, the same. Two examples, three
# features: `"dual"`.


# %% role="answer" exercise="primal_and_dual"
def primal_and_dual(Phi_train, Phi_test, Y, ridge):
    """Test predictions (m, c) by weights and by kernels, and "primal" or "dual": which solves the smaller system."""
    ### BEGIN SOLUTION
    n, p = Phi_train.shape
    f_primal = Phi_test @ linear_regression(Phi_train, Y, ridge)
    f_dual = kernel_predict(Phi_train @ Phi_train.T, Phi_test @ Phi_train.T, Y, ridge)
    return f_primal, f_dual, "primal" if p <= n else "dual"
    ### END SOLUTION


# %% role="visible" exercise="primal_and_dual"
t = lab.tests("primal_and_dual")
wide, tall = np.array([[1.0, 1, 1], [1, 2, 4]]), np.array([[1.0, 0], [1, 1], [1, 2]])
exchanged = "the names are exchanged: the primal solves a p × p system, the dual n × n; name the smaller"
f = np.array([[-10 / 13]])
t.close(
    "two examples, three features, ridge 1, by hand",
    lambda: primal_and_dual(wide, np.array([[1.0, 3, 9]]), np.array([[2.0], [0.0]]), 1.0),
    (f, f, "dual"),
    rtol=1e-3,
    atol=1e-4,
    mistakes={
        exchanged: (f, f, "primal"),
        "the ridge is missing on the dual road: both roads need the same": (f, np.array([[-4.0]]), "dual"),
        "the ridge is missing on the primal road: both roads need the same": (np.array([[-4.0]]), f, "dual"),
        "the ridge is missing on both roads": (np.array([[-4.0]]), np.array([[-4.0]]), "dual"),
        "the first answer holds weights: multiply Phi_test by them": (
            np.array([[30.0], [16.0], [-12.0]]) / 39,
            f,
            "dual",
        ),
        "these are predictions on the training inputs: use Phi_test": (
            np.array([[34.0], [14.0]]) / 39,
            np.array([[34.0], [14.0]]) / 39,
            "dual",
        ),
    },
)
Y, test = np.array([[1.0, 0], [3, 3], [5, 0]]), np.array([[1.0, 3], [1, -1]])
f, f0 = np.array([[6.0, 1.2], [-2 / 3, 0.4]]), np.array([[7.0, 1.0], [-1.0, 1.0]])
t.close(
    "three examples, two features, ridge 1, by hand",
    lambda: primal_and_dual(tall, test, Y, 1.0),
    (f, f, "primal"),
    rtol=1e-3,
    atol=1e-4,
    mistakes={
        exchanged: (f, f, "dual"),
        "the ridge is missing on the primal road: both roads need the same": (f0, f, "primal"),
        "rows and columns of the predictions are exchanged: (m, c)": (f.T, f.T, "primal"),
    },
)
Phi = t.rng.standard_normal((4, 4))
t.close(
    "as many features as examples: primal",
    lambda: primal_and_dual(Phi, Phi[:2], np.ones((4, 1)), 0.5)[2],
    "primal",
    mistakes={"with p = n both systems have one size: say primal then": "dual"},
)
wide, test, Y = t.rng.standard_normal((5, 9)), t.rng.standard_normal((3, 9)), t.rng.standard_normal((5, 2))
t.holds(
    "both roads agree on random features",
    lambda: np.allclose(*primal_and_dual(wide, test, Y, 0.3)[:2], rtol=1e-3, atol=1e-3),
    "the two predictions differ: the same ridge on both roads, and test × train for the test kernel",
)
t.report()

# %% role="hidden" exercise="primal_and_dual" points=4
# Hidden tests: fresh features, tall, wide and square; one feature; one example; small and large ridges.
### BEGIN HIDDEN TESTS
t = lab.tests("primal_and_dual", hidden=True)
true_predictions = lab.reference("regression.kernel_regression")
for what, n, p, m, c in [
    ("tall", 12, 5, 3, 2),
    ("wide", 4, 11, 3, 2),
    ("square", 6, 6, 2, 1),
    ("one feature", 7, 1, 4, 2),
    ("one example", 1, 6, 2, 3),
    ("one column more than rows", 5, 6, 3, 1),
    ("one row more than columns", 6, 5, 3, 1),
]:
    Phi, Phi_test = t.rng.standard_normal((n, p)), t.rng.standard_normal((m, p))
    Y = t.rng.standard_normal((n, c))
    ridge = float(t.rng.uniform(0.3, 3.0))
    f = true_predictions(Phi @ Phi.T, Phi_test @ Phi.T, Y, ridge)
    small, large = ("primal", "dual") if p <= n else ("dual", "primal")
    free = Phi_test @ np.linalg.pinv(Phi) @ Y
    own = true_predictions(Phi @ Phi.T, Phi @ Phi.T, Y, ridge)
    t.close(
        what,
        lambda: primal_and_dual(Phi, Phi_test, Y, ridge),
        (f, f, small),
        rtol=1e-3,
        atol=1e-3,
        mistakes={
            "the names are exchanged: name the smaller system, primal when they are equal": (f, f, large),
            "the ridge is missing on the dual road": (f, free, small),
            "the ridge is missing on the primal road": (free, f, small),
            "the ridge is missing on both roads": (free, free, small),
            "these are predictions on the training inputs": (own, own, small),
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="primal_and_dual"
# <details><summary>Hint 1 · concept</summary>
#
# You have both roads already. The first ends with weights, which still have to meet the test features. The second
# needs two kernel matrices, which you make from the features. Which system is smaller is a question about two whole
# numbers.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $f_\text{primal} = \Phi_\ast W$, `(m, p)` times `(p, c)`. $K_\text{train} = \Phi\Phi^\top$, `(n, n)`, and
# $K_\text{test} = \Phi_\ast\Phi^\top$, `(m, n)`. Primal: $p\times p$. Dual: $n\times n$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Three lines: the test features times what `linear_regression` returns; `kernel_predict` with the two products of
# feature matrices; and a comparison of the two numbers in `Phi_train.shape`. Hand the ridge to both functions, and
# return three things.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# The next cell measures both roads: on the left 300 examples and ever more features, on the right 300 features and
# ever more examples. **Before you run it, sketch both pictures: which curve rises steeply in which panel, and where
# do they cross?**


# %% role="figure" name="cost"
def seconds(function, *arguments):
    """The fastest of three runs; a long one is not repeated."""
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        function(*arguments)
        runs.append(time.perf_counter() - start)
        if runs[-1] > 0.2:
            break
    return min(runs)


def by_kernels(Phi, Y, ridge):
    kernel = Phi @ Phi.T
    return kernel_predict(kernel, kernel[:1], Y, ridge)


sizes, rng = np.array([75, 150, 300, 600, 1200, 2400]), np.random.default_rng(0)
fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
for ax, what in zip(axes, ["features p, at n = 300 examples", "examples n, at p = 300 features"], strict=True):
    shapes = [(300, size) if what.startswith("features") else (size, 300) for size in sizes]
    problems = [(rng.standard_normal(shape), rng.standard_normal((shape[0], 1)), 0.1) for shape in shapes]
    primal = np.array([seconds(linear_regression, *problem) for problem in problems])
    dual = np.array([seconds(by_kernels, *problem) for problem in problems])
    ax.loglog(sizes, primal, "ko-", label="primal: weights")
    ax.loglog(sizes, dual, "s--", color="0.4", mfc="white", label="dual: kernels")
    steep = primal if what.startswith("features") else dual
    ax.loglog(sizes[2:], steep[-1] * (sizes[2:] / sizes[-1]) ** 3.0, ":", color="0.6", label="slope 3")
    ax.axvline(300, color="0.8", lw=1)
    ax.set(xlabel=f"number of {what}", xticks=sizes, xticklabels=sizes)
    ax.xaxis.minorticks_off()
axes[0].set(ylabel="seconds")
axes[0].legend()
plt.show()
Phi, Y = polynomial_features(images := datasets.digits()[0][:100], 2), np.ones((100, 1))
one, other, name = primal_and_dual(Phi, Phi[:5], Y, 0.1)
print(
    f"100 digits, {Phi.shape[1]:,} features: {name}, largest difference of the two roads {np.abs(one - other).max():.1e}"
)

# %% [markdown]
# <details><summary>Compare with the expected picture (your seconds will differ)</summary>
#
# ![Two log-log panels of seconds against size. Left, with 300 examples: the primal rises steeply, at the end with slope near three, from below a millisecond to the better part of a second at 2400 features, while the dual rises slowly. Right, with 300 features, the roles are exchanged. The curves cross near 300.](cost.png)
#
# The steep curve bends towards slope 3; the other one only forms its matrix, with slope 1. They cross where $n$ and
# $p$ are about equal. At $p = 131$ million, the degree-6 features of the digits, the left road ends, and at $p =
# \infty$ it does not even begin. The right road does not mind. A wide network has more features than examples:
# from now on we take the dual road.
#
# </details>
#
# ### A small trap in the book
#
# Footnote 45 says that for the simplest linear model, (10.118), the kernel is $\sum_{i=1}^{n_0} x_iz_i$, (10.132).
# Model (10.118) has a bias, though. Which features does it have, then, and what is their kernel?

# %% role="demo" name="bias"
rng = np.random.default_rng(2)
X, X_test, Y = rng.standard_normal((20, 3)), rng.standard_normal((5, 3)), 2 + rng.standard_normal((20, 1))
by_weights = polynomial_features(X_test, 1) @ linear_regression(polynomial_features(X, 1), Y, 0.1)
for what, shift in [("x·z, as printed", 0.0), ("1 + x·z", 1.0)]:
    difference = kernel_predict(shift + X @ X.T, shift + X_test @ X.T, Y, 0.1) - by_weights
    print(f"kernel {what:16s} differs from the model with a bias by {np.abs(difference).max():.1e}")

# %% [markdown]
# The features of (10.118) are $(1, x_1, \dots, x_d)$, so the kernel is $1 + x\cdot z$. What the footnote prints
# belongs to the model without a bias. Counting features beats remembering formulas.

# %% [markdown]
# ## 7 · Remembering examples
#
# Look at the dual form once more: a prediction is $f(x) = \sum_i k(x, x_i)\,\alpha_i$, a weighted sum over the
# training examples. To predict one must *keep* all of them; S1 calls such methods memory-based. The weights of the
# first road could be kept and the data thrown away.
#
# The vote of the simplest memory-based method is simpler still, footnote 47: **$k$ nearest neighbours**. Find the $k$
# training inputs nearest to $x$ and return the mean of their targets. Nothing is solved. (Here $k$ is a whole number,
# not a kernel.)
#
# **By hand**: training inputs $0, 1, 3, 10$ on the line with targets $1, 2, 6, 0$, and $k = 2$. At $z = 1.9$ the
# nearest are $1$ (0.9 away) and $3$ (1.1 away): the mean of $2$ and $6$ is $4$. At $z = 2$ both are 1 away: the same.
# At $z = 0.5$ it is $1.5$.

# %% [markdown]
# ## Exercise 6 · `nearest_neighbour_predict`
#
# Difficulty ●○○ · 15 minutes · 2 points
#
# **Equation**: $f(z) = \frac1k\sum_{i\,\in\,\text{nearest } k} y_i$; S1, footnote 47.
#
# | | shape | |
# |---|---|---|
# | `X`, `y` | `(n, d)`, `(n,)` | training inputs and their targets, real numbers |
# | `Z` | `(m, d)` | test inputs; one that is also a training input counts itself |
# | `k` | whole number, $1 \le k \le n$ | neighbours, by Euclidean distance; **at equal distances the one that comes first in `X`** |
# | returns | `(m,)` | plain means of $k$ targets |


# %% role="answer" exercise="nearest_neighbour_predict"
def nearest_neighbour_predict(X, y, Z, k):
    """For each row of Z (m, d) the mean target of the k nearest rows of X (n, d): (m,)."""
    ### BEGIN SOLUTION
    squares = np.sum(X**2, axis=1) - 2 * Z @ X.T  # (m, n), less ‖z‖², which is the same for every x
    nearest = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return y[nearest].mean(axis=1)
    ### END SOLUTION


# %% role="visible" exercise="nearest_neighbour_predict"
t = lab.tests("nearest_neighbour_predict")
X = np.array([[0.0, 0], [1, 0], [0, 2], [5, 5], [6, 4], [-3, 1]])
y, Z = np.array([2.0, 4, 1, -3, 7, 0.5]), np.array([[0.25, 0], [4, 4]])
near = np.array([[0, 1, 2], [3, 4, 2]])
apart = np.array([[0.25, 0.75, 65**0.5 / 4], [2**0.5, 2, 20**0.5]])
t.close(
    "three neighbours of two points, by hand",
    lambda: nearest_neighbour_predict(X, y, Z, 3),
    y[near].mean(axis=1),
    rtol=1e-4,
    mistakes={
        "one neighbour too many: k of them": y[[[0, 1, 2, 5], [3, 4, 2, 1]]].mean(axis=1),
        "the nearest one is left out: a test input may well be its own neighbour, and these are not": (
            y[[[1, 2, 5], [4, 2, 1]]].mean(axis=1)
        ),
        "the farthest neighbours: sort the other way": y[[[4, 3, 5], [5, 0, 1]]].mean(axis=1),
        "the largest inner products are taken: near means a small distance, and long vectors have large products": (
            y[[[4, 3, 1], [3, 4, 2]]].mean(axis=1)
        ),
        "the sum of the targets: return the mean": y[near].sum(axis=1),
        "the median of the targets: return the mean": np.median(y[near], axis=1),
        "weighted by distance: here every neighbour counts the same": (
            (y[near] / apart).sum(axis=1) / (1 / apart).sum(axis=1)
        ),
        "weighted by distance, the farther the more": (y[near] * apart).sum(axis=1) / apart.sum(axis=1),
        "only the nearest one counts: take the mean of k": y[near[:, 0]],
        "only the k-th neighbour counts: take the mean of all k": y[near[:, 2]],
        "the most frequent target: these are real numbers, take the mean": y[near].min(axis=1),
        "these are the row numbers of the neighbours, not their targets": near.mean(axis=1),
    },
)
t.close(
    "k = 1 on the training inputs returns their own targets",
    lambda: nearest_neighbour_predict(X, y, X, 1),
    y,
    rtol=1e-4,
)
t.close("k = n is the mean of all", lambda: nearest_neighbour_predict(X, y, Z, 6), np.full(2, y.mean()), rtol=1e-4)
X, y = t.rng.integers(-2, 3, (60, 2)).astype(float), t.rng.standard_normal(60)
Z = t.rng.integers(-2, 3, (9, 2)).astype(float)
order = [sorted(range(60), key=lambda i, z=z: (np.sum((X[i] - z) ** 2), i)) for z in Z]  # by distance, then by place
t.holds(
    "equal distances (inputs on a grid)",
    lambda: np.allclose(
        np.asarray(nearest_neighbour_predict(X, y, Z, 7)), y[np.array(order)[:, :7]].mean(axis=1), 1e-4, 1e-4
    ),
    "at equal distances the row that comes first in X counts: np.argsort needs kind='stable' for that, and "
    "np.argpartition keeps no order at all",
)
t.report()

# %% role="hidden" exercise="nearest_neighbour_predict" points=2
# Hidden tests: fresh inputs in one to ten dimensions, one neighbour, all neighbours, equal distances.
### BEGIN HIDDEN TESTS
t = lab.tests("nearest_neighbour_predict", hidden=True)
for what, n, m, d, k in [
    ("plane", 20, 8, 2, 3),
    ("line", 12, 6, 1, 4),
    ("ten dimensions", 30, 5, 10, 5),
    ("one neighbour", 15, 6, 3, 1),
]:
    X, y = t.rng.standard_normal((n, d)) * t.rng.uniform(0.3, 3, (n, 1)), t.rng.standard_normal(n)
    Z = t.rng.standard_normal((10 * m, d))
    apart = np.linalg.norm(Z[:, None] - X[None], axis=2)
    ordered = np.sort(apart, axis=1)
    clear = (np.diff(ordered[:, : k + 1], axis=1) > 1e-3).all(axis=1)  # float32 must find the same neighbours
    Z, apart = Z[clear][:m], apart[clear][:m]
    near = np.argsort(apart, axis=1)
    some = np.take_along_axis(apart, near[:, :k], axis=1)
    t.close(
        what,
        lambda: nearest_neighbour_predict(X, y, Z, k),
        y[near[:, :k]].mean(axis=1),
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "one neighbour too many": y[near[:, : k + 1]].mean(axis=1),
            "the nearest one is left out": y[near[:, 1 : k + 1]].mean(axis=1),
            "the farthest neighbours": y[near[:, -k:]].mean(axis=1),
            "the largest inner products are taken": y[np.argsort(-Z @ X.T, axis=1)[:, :k]].mean(axis=1),
            "the sum of the targets: return the mean": y[near[:, :k]].sum(axis=1),
            "the median of the targets: return the mean": np.median(y[near[:, :k]], axis=1),
            "weighted by distance": (y[near[:, :k]] / some).sum(axis=1) / (1 / some).sum(axis=1),
            "only the nearest one counts": y[near[:, 0]],
            "only the k-th neighbour counts": y[near[:, k - 1]],
        },
    )
X, y = t.rng.integers(-2, 3, (80, 2)).astype(float), t.rng.standard_normal(80)
Z, k = t.rng.integers(-2, 3, (12, 2)).astype(float), int(t.rng.integers(4, 10))
order = np.lexsort((np.broadcast_to(np.arange(80), (12, 80)), np.sum((Z[:, None] - X[None]) ** 2, axis=2)), axis=1)
t.holds(
    "equal distances",
    lambda: np.allclose(np.asarray(nearest_neighbour_predict(X, y, Z, k)), y[order[:, :k]].mean(axis=1), 1e-4, 1e-4),
    "at equal distances the row that comes first in X counts",
)
t.close("all neighbours", lambda: nearest_neighbour_predict(X, y, Z, 80), np.full(12, y.mean()), rtol=1e-4, atol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="nearest_neighbour_predict"
# <details><summary>Hint 1 · concept</summary>
#
# For each test input: sort the training inputs by distance, take the first $k$, average their targets. Sorting all
# test inputs at once is one call. The squared distance sorts the same way as the distance.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# A table of squared distances with *test* inputs down, `(m, n)`. `np.argsort` along `axis=1` with `kind="stable"`
# gives row numbers of `X`, nearest first, and keeps the order of `X` at equal distances. Indexing `y` with an array of
# row numbers of shape `(m, k)` gives the targets in the same shape.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Differences `Z[:, None, :] - X` squared and summed over the last axis, or the three-term form of exercise 3. Sort,
# keep the first $k$ columns, index the targets with them, and take `.mean` along `axis=1`.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# Twelve examples between $-1$ and $1$. Three learners: a polynomial of degree 7, the Gaussian kernel with length
# scale 0.4, three nearest neighbours. **Sketch, before you run: what does each predict at $x = 2$ and $x = -2$, far
# from all data?**

# %% role="figure" name="far"
rng = np.random.default_rng(1)
x = np.sort(rng.uniform(-1, 1, 12))[:, None]
y = np.sin(3 * x) + 0.5 + 0.1 * rng.standard_normal(x.shape)
grid = np.linspace(-2.2, 2.2, 441)[:, None]
W = linear_regression(polynomial_features(x, 7), y, 1e-4)
learners = {
    "polynomial of degree 7": (polynomial_features(grid, 7) @ W, ":"),
    "Gaussian kernel": (kernel_predict(gaussian_kernel(x, x, 0.4), gaussian_kernel(grid, x, 0.4), y, 1e-2), "-"),
    "3 nearest neighbours": (nearest_neighbour_predict(x, y[:, 0], grid, 3), "--"),
}
fig, ax = plt.subplots()
ax.axvspan(x.min(), x.max(), color="0.94")
for name, (prediction, style) in learners.items():
    ax.plot(grid, prediction, color="k" if style == "-" else "0.4", ls=style, lw=1.8, label=name)
ax.plot(x, y, "ko", mfc="white", ms=5, label="examples")
ax.set(xlabel="x", ylabel="prediction", ylim=(-2.5, 3))
ax.legend(loc="upper left", fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Predictions of three learners fitted to twelve examples between minus one and one. Between the examples the three agree roughly. Outside, the dotted polynomial leaves the picture steeply, the solid line of the Gaussian kernel falls back to zero within about one unit, and the dashed staircase of nearest neighbours stays at its last value for ever.](far.png)
#
# The data say nothing out there, so what you see is the *method's* opinion. A polynomial explodes with its top power.
# The Gaussian kernel knows nobody similar and says 0. Neighbours repeat whoever was last. Every learner has such an
# opinion, a wide network too, and the kernel is where to read it (lab 8: what a network draws between and beyond two
# points).
#
# </details>
#
# ### Who votes?
#
# The prediction is linear in the targets: $f(z) = \sum_i v_i\,y_i$. Your functions know the votes $v_i$; ask them by
# setting the targets to 1 for one example and 0 for all others. One call does it for all examples: with the identity
# matrix for `Y`.

# %% role="figure" name="votes"
place = np.array([[0.15]])
x = np.linspace(-1, 1, 25)[:, None]
every_one = np.eye(25)
kernel = gaussian_kernel(x, x, 0.3)
fig, axes = plt.subplots(1, 3, figsize=(9.5, 3.0), sharey=True)
for ax, ridge in zip(axes[:2], [1e-2, 1.0], strict=True):
    ax.stem(x[:, 0], kernel_predict(kernel, gaussian_kernel(place, x, 0.3), every_one, ridge)[0], "k", basefmt="0.8")
    ax.set(title=f"Gaussian kernel, ridge {ridge:g}")
neighbours = [nearest_neighbour_predict(x, target, place, 5)[0] for target in every_one]
axes[2].stem(x[:, 0], neighbours, "k", basefmt="0.8")
axes[2].set(title="5 nearest neighbours")
for ax in axes:
    ax.axvline(place.item(), color="0.6", ls="--", lw=1)
    ax.set(xlabel="training input x")
axes[0].set(ylabel="vote for the prediction at 0.15")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Votes of 25 training inputs for the prediction at 0.15, three panels. Gaussian kernel with ridge 0.01: large votes near 0.15 and small ones of alternating sign farther away, some of them negative. With ridge 1: a broad smooth hump, with slightly negative tails. Five nearest neighbours: five votes of 0.2 and zero elsewhere.](votes.png)
#
# Neighbours vote with 0 or $1/k$. Kernel votes may be *negative*: an example says "less of me, my neighbour is
# nearer". The ridge makes the electorate larger and calmer. The votes depend on the inputs only, never on the
# targets: that is the whole of "linear" in linear model, and also its limit.
#
# </details>

# %% [markdown]
# ## 8 · Real images
#
# Handwritten digits, 8 × 8 pixels, each image scaled to length 1. Targets are ten columns, 1 for the right class and
# 0 elsewhere, and the largest output wins. Four learners, all yours: linear ($k = 1 + x\cdot z$), quadratic (features
# of degree 2 through their kernel), Gaussian, and the nearest neighbour (with $k = 1$ the mean of one label is that
# label). Five random splits, 500 test images each; ridge 0.01 and length scale 0.7 everywhere, chosen once and not
# tuned.

# %% role="figure" name="digits"
images, digit = datasets.digits()
labels = np.eye(10)[digit]
quadratic = polynomial_features(images, 2)
counts = [30, 100, 300, 1000]
errors = {name: np.zeros((5, len(counts))) for name in ("linear", "quadratic", "Gaussian", "nearest neighbour")}
for split, column in itertools.product(range(5), range(len(counts))):
    order = np.random.default_rng(split).permutation(len(images))
    train, test = order[: counts[column]], order[-500:]
    kernels = {
        "linear": lambda a, b: 1 + images[a] @ images[b].T,
        "quadratic": lambda a, b: quadratic[a] @ quadratic[b].T,
        "Gaussian": lambda a, b: gaussian_kernel(images[a], images[b], 0.7),
    }
    for name, kernel in kernels.items():
        scores = kernel_predict(kernel(train, train), kernel(test, train), labels[train], 0.01)
        errors[name][split, column] = np.mean(scores.argmax(axis=1) != digit[test])
    nearest = nearest_neighbour_predict(images[train], digit[train].astype(float), images[test], 1)
    errors["nearest neighbour"][split, column] = np.mean(nearest != digit[test])
fig, ax = plt.subplots()
for (name, error), style in zip(errors.items(), ["ko-", "s--", "D-", "v:"], strict=True):
    grey = "k" if name in ("linear", "Gaussian") else "0.45"
    fill = "white" if name in ("quadratic", "linear") else grey
    ax.errorbar(
        counts,
        error.mean(axis=0),
        error.std(axis=0),
        fmt=style.lstrip("k"),
        color=grey,
        mfc=fill,
        capsize=3,
        label=name,
    )
ax.set(xscale="log", yscale="log", xlabel="training images", ylabel="test error", xticks=counts, xticklabels=counts)
ax.set_yticks([0.01, 0.03, 0.1, 0.3], ["1 %", "3 %", "10 %", "30 %"])
ax.minorticks_off()
ax.legend()
plt.show()
print(f"{'training images':18s}" + "".join(f"{count:16d}" for count in counts))
for name, error in errors.items():
    print(
        f"{name:18s}"
        + "".join(f"   {m:6.1%} ± {s:4.1%}" for m, s in zip(error.mean(axis=0), error.std(axis=0), strict=True))
    )

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Test error against the number of training images on logarithmic axes, with error bars, for four learners. All start near 30 per cent at 30 images. At 1000 images the linear model stands at about 7 per cent, the nearest neighbour near 2 per cent, the quadratic and the Gaussian kernel at about 1 per cent.](digits.png)
#
# At 1,000 images the model that is a plane in the pixels has come to seven per cent, while its nonlinear sisters,
# solved by the same two lines of code, reach one per cent. The Gaussian kernel has infinitely many features and a
# thousand examples, gets every training image right, and generalises best. **Having more features than examples did
# not hurt.** Why not, is what this course is about.
#
# </details>

# %% [markdown]
# ## 9 · Check yourself
#
# No points. Choose, and read what comes back; the other choices have something to say as well.

# %% role="quiz" name="linear-in"
lab.quiz(
    "Kernel regression with the Gaussian kernel. In which of these is its prediction f(z) linear?",
    {
        "In the targets Y": (
            "Right. f = K_test (K_train + δI)⁻¹ Y: double the targets and the prediction doubles; add two sets of targets and the "
            "predictions add. The votes depend on inputs, kernel and ridge only."
        ),
        "In the test input z": "No: k(z, x) bends with z. Your slider showed curves, not lines.",
        "In the training inputs X": "No: they enter through the kernel, twice, and once inside an inverse.",
        "In nothing: it is a nonlinear method": (
            "It is nonlinear in the inputs, and a linear model in (infinitely many) weights; so it must be linear in something else too."
        ),
    },
    right="In the targets Y",
)

# %% role="quiz" name="short-length"
lab.quiz(
    "Gaussian kernel, no ridge, all inputs different. You let the length scale go to 0. What happens to K_train and to the prediction "
    "at a new point?",
    {
        "K_train → I, and the prediction → 0": (
            "Right. Nobody is similar to anybody else: on the training inputs the targets come back, everywhere else the answer is 0. "
            "Perfect memory, no generalisation."
        ),
        "K_train becomes singular": "That is the other end: at a very long length scale all entries tend to 1, rank one.",
        "The prediction becomes that of the nearest neighbour": (
            "Tempting, but the votes k(z, x) themselves go to 0; they are not normalised. Divide them by their sum and you would be right."
        ),
        "Nothing: without a ridge the length scale cancels": "A *factor* of the kernel cancels without a ridge; the length scale is not a factor.",
    },
    right="K_train → I, and the prediction → 0",
)

# %% role="quiz" name="scale"
lab.quiz(
    "A friend multiplies all features by 10 and keeps everything else. When does the prediction change?",
    {
        "Never: the weights shrink by 10 and compensate": "True without a ridge. But the ridge charges for the size of the weights.",
        "Only with a ridge: it acts as if the ridge were 100 times smaller": (
            "Right. 100 K_test (100 K_train + δI)⁻¹ = K_test (K_train + δ/100 I)⁻¹. A ridge without the scale of the kernel says nothing."
        ),
        "Only with a ridge: it acts as if the ridge were 10 times smaller": "The kernel is a product of *two* features: it grows by 100.",
        "Always": "Without a ridge, K_test K_train⁻¹ does not know the factor: it cancels.",
    },
    right="Only with a ridge: it acts as if the ridge were 100 times smaller",
)

# %% [markdown]
# ## 10 · Two questions marked by hand
#
# ### Question A · two roads and two inverses
#
# 3 points, about 10 minutes. In a few lines each:
#
# 1. Why does $(\Phi^\top\Phi + \delta I)^{-1}\Phi^\top = \Phi^\top(\Phi\Phi^\top + \delta I)^{-1}$ hold for every
#    $\delta > 0$ and every $n$ and $p$? Say also why both inverses exist.
# 2. Now $\delta = 0$. For which $n$, $p$ can $\Phi^\top\Phi$ have an inverse, for which $\Phi\Phi^\top$? What does
#    that mean for (10.129), which uses both? Give two training inputs and features with $p > n$ for which
#    $\Phi\Phi^\top$ has *no* inverse.
# 3. Two classmates fit the same data. One minimises $\frac12\lVert\Phi W - Y\rVert^2 + a\lVert W\rVert^2$ as in
#    footnote 44, the other $\frac1{2n}\lVert\Phi W - Y\rVert^2 + b\lVert W\rVert^2$. Which `ridge` must each pass to
#    `kernel_predict`?

# %% [markdown] role="written" exercise="two-inverses" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. Multiply out: $(\Phi^\top\Phi + \delta I)\Phi^\top = \Phi^\top\Phi\Phi^\top + \delta\Phi^\top =
#    \Phi^\top(\Phi\Phi^\top + \delta I)$, then multiply by the two inverses from left and right. Both matrices are
#    symmetric with eigenvalues at least $\delta > 0$, because $v^\top\Phi^\top\Phi v = \lVert\Phi v\rVert^2 \ge 0$
#    and likewise for $\Phi\Phi^\top$; so both inverses exist whatever the sizes.
# 2. Both products have the rank of $\Phi$, which is at most $\min(n, p)$. So the $p\times p$ matrix can be inverted
#    only if $p \le n$, the $n\times n$ matrix only if $p \ge n$: both at once only if $p = n$. (10.129) as printed is
#    therefore derived for $p = n$ only; with the regulator it holds in general, and (10.131) is its limit where the
#    kernel matrix is regular. Example: two equal inputs, with any features: two equal rows, rank one. (Or the
#    features $(1, x^2, x^4)$ at $x = 1$ and $x = -1$.)
# 3. The first passes $2a$, since the gradient of $a\lVert W\rVert^2$ is $2aW$. The second: multiply the loss by $n$,
#    which moves no minimum; the regulator becomes $nb\lVert W\rVert^2$, so the ridge is $2nb$.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the identity by multiplying out, and positivity of both matrices. Half a point for one of the two.
# - Part 2, 1 point: the conditions p ≤ n and p ≥ n with the rank as reason, and a correct example with p > n. Half a
#   point for one of the two.
# - Part 3, 1 point: 2a and 2nb. Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 5 minutes.
#
# 1. Look at *your* `gaussian_kernel`, called with all 1,797 digits for `X` and for `Z`. Name the largest array that
#    it creates, its shape and its size in bytes. If it is much larger than the result, how could the caller get the
#    same kernel with less memory, without changing your code?
# 2. Look at *your* `kernel_predict`. A camera sends one image after the other, and each must be classified at once.
#    What does your function compute again for each image without need? What should be computed once and kept, and
#    what else must be kept to classify a new image? What would the primal road keep instead?

# %% [markdown] role="written" exercise="your-code" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. In the solution above all arrays are $1797 \times 1797$, $1797^2\cdot 8 \approx 26$ million bytes, and there are
#    a few of them at a time. (With all differences at once the largest is $1797\times 1797\times 64$, about 1.65
#    thousand million bytes, 64 times the result.) The caller can pass `X` in blocks of rows, one after the other, and
#    stack the blocks of the kernel.
# 2. The Cholesky factor and the solve do not depend on the test input, and yet they are redone, $n^3/3$ operations,
#    at every call. Compute $\alpha = (K_\text{train} + \delta I)^{-1}Y$ once and keep it; a new image then costs one
#    row of kernel values and $n\,c$ multiplications. The training inputs must be kept as well, for that row. The
#    primal road keeps only $W$, of shape $(p, c)$, and may forget the data.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: an array that the student's code really makes (with loops it is a small one, and that is right
#   too), with shape and bytes; and blocks of rows where it is large. Half a point if one of these is missing.
# - Part 2, 1 point: factor or α kept, *and* the training inputs; W for the primal road. Half a point for two of the
#   three.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - A linear model is linear in its **weights**, and in the **targets**. In its inputs it does what its features do.
# - The same prediction can be had from $p$ weights or from $n$ similarities. With a ridge the two agree to rounding
#   for every $n$ and $p$, and the smaller of the two numbers decides which is cheaper.
# - Features occur only in inner products. So a **kernel** can stand for infinitely many of them, and a thousand
#   images with infinitely many features gave the best error of all.
# - Among the weights that fit, the solution is the **shortest**: as $\delta\to0$ no weight is spent on a direction
#   that the data do not ask for.
#
# **Where the theory stops.** The features, or the kernel, were fixed before the data came in. Outputs cannot help
# each other, and nothing here *learns* what to look at: S1 closes §10.4 by saying that deep networks are exciting
# because they can. A good length scale had to be given. And $n^3$ is a price, too: at a million examples the dual
# road also ends.
#
# **Next, lab 2**: a network is not a linear model; its weights sit inside nonlinear functions. But near the weights
# it starts from it is *almost* linear, and gradient descent took us to the shortest solution without being asked.
# Which features does a network have, and where does gradient descent take it?
#
# *In ntklab these functions are `regression.linear_regression`, `regression.kernel_regression` (both also take
# one-dimensional targets, and say which rank is missing) and `kernels.gaussian_kernel`; `regression.KernelRegressor`
# puts them behind scikit-learn's interface. They are withheld in this lab, since you write them yourself; later labs
# open them wherever no exercise is a single call to them.*
