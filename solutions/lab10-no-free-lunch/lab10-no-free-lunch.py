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
#     title: A budget of n, and where the theory stops
#     question: How much can a network learn from n examples, who gets it, and where does this theory stop?
#     minutes: 175
# ---

# %% [markdown]
# # Lab 10 · A budget of n, and where the theory stops
#
# **The question.** Lab 9 predicted which functions a kernel learns first. Each function's share depended on its
# eigenvalue and on a constant $C$, and that was an approximation. Is there something about learning from $n$ examples
# that is exact? There is: over all functions together, a kernel learns $n$ units, whatever the kernel, whichever the
# examples. A better kernel spends the same budget on other functions.
#
# In this lab you prove and measure this law, find its conditions, and test it on trained networks. Then you leave the
# theory on purpose: you pay its bill (time and memory), and you train networks that do what no kernel can: they break
# the law. At the end
# you will have predicted what a trained network generalises, before training it, and know when not to trust it.
#
# **After this lab you can**
#
# 1. compute the total learnability of one training set from eigenvalues alone, and say what lowers it below $n$;
# 2. recognise linear regression, its rank and its degrees of freedom as a special case;
# 3. measure which functions get the budget, and hold it against the prediction of lab 9;
# 4. redraw the article's Figure 2: four architectures, kernel and trained networks;
# 5. measure what exact kernel regression costs, as an exponent;
# 6. build a task where a network beats its own kernel, name the number that decides it, see what the network did
#    that the kernel cannot, and watch it break the budget.
#
# **You need** lab 4 (a trained wide network is kernel regression), lab 9 (eigenvalues, learnability, the constant
# $C$). Traces and eigenvalues of matrices, NumPy.
#
# **Time**: 175 minutes. Six exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S0**: Simon, Dickens & DeWeese, *A first-principles theory of neural network generalization* | "No free lunch for neural networks" and Figure 2 | the law, and the figure that you redraw |
# | S0 | "Approximating the generalization of kernel regression", "Conclusion" | learnability; what the authors leave open |
# | **S2**: H. Hadiji, *Neural Tangent Kernel*, class 5 slides | "Some limits of the NTK" | frozen features, and the cost |
# | **S1**: Roberts, Yaida & Hanin, *The Principles of Deep Learning Theory*, chapter 10 | end of §10.4.3, after (10.141) | why one must go beyond kernel methods |
# | course | `errata.md`, entries E28, E30 and E31 | three conditions that S0 does not print |

# %% [markdown]
# ## How to work here
#
# As in the labs before: run from the top, write where it says `YOUR CODE HERE`, read what the test cell below says.
# Hidden tests do the same on fresh inputs. `lab.hint("nfl_sum")` prints the next of three hints.
#
# What you built in labs 1 to 9 stands in `ntklab` and may be used, such as `kernels.ntk` (lab 5),
# `regression.kernel_regression` (lab 4), `networks.train_ensemble` (lab 5) and `learnability.measured_learnability`
# (lab 9). This lab withholds `learnability.no_free_lunch_sum`, `learnability.mode_learnabilities` and the ready-made
# figures.

# %% role="setup"
import numpy as np

from ntklab import datasets, empirical, kernels, lab, learnability, networks, regression, spectra
from ntklab.kernels import MLP

lab.start("lab10-no-free-lunch")

place = "cuda" if networks.default_device().type == "cuda" else "cpu"  # both have float64, Apple's GPU has not
M = 10
circle = datasets.circle(M)  # ten points of the unit circle, (10, 2): the domain of Figure 2
fourier, frequencies = datasets.circle_modes(M)
modes = fourier.T  # (10, 10): a mode a row, of mean square 1
read_out = (1.0, 0.0)
nets = {
    "ReLU, 1 hidden": MLP(1, "relu", C_W=2.0, C_b=0.01, readout=read_out),
    "ReLU, 4 hidden": MLP(4, "relu", C_W=2.0, C_b=0.01, readout=read_out),
    "tanh, 1 hidden": MLP(1, "tanh", C_W=2.25, C_b=0.01, readout=read_out),
    "tanh, 4 hidden": MLP(4, "tanh", C_W=2.25, C_b=0.01, readout=read_out),
}

# %% role="demo" name="drawing"
from itertools import combinations
from time import perf_counter

import matplotlib.pyplot as plt
import torch

plt.rcParams.update({"figure.figsize": (6.8, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10, "axes.axisbelow": True})
torch.set_num_threads(1)  # the networks here are small: two threads would mostly wait for each other
styles = dict(zip(nets, ("k-", "k--", "k:", "k-."), strict=True))
circle_kernels = {name: kernels.ntk(circle, mlp=mlp) for name, mlp in nets.items()}


def training_spectrum(name, train):
    """Eigenvalues, rising, of a network's kernel among training points of the circle."""
    return np.linalg.eigvalsh(circle_kernels[name][train][:, train])


# %% [markdown]
# ## 1 · Worked example: two points, width three
#
# A network with three hidden ReLU units and hidden weights $(1, 0)$, $(0, 1)$, $(1, 1)$, of which only the read-out is
# trained, from 0. (Without the $1/\sqrt 3$, to keep the numbers whole.) The whole world has two points,
# $x_1 = (1, 0)$ and $x_2 = (0, 1)$. Their features are the hidden activations, $(1, 0, 1)$ and $(0, 1, 1)$, and
#
# $$K = \begin{pmatrix} 2 & 1 \\ 1 & 2\end{pmatrix}, \qquad
#   \text{eigenfunctions } \phi_a = (1, 1),\; \phi_b = (1, -1), \qquad \text{eigenvalues 3 and 1.}$$
#
# Train on $x_1$ alone, $n = 1$. For any target $f$ kernel regression gives $\hat f(x) = K(x, x_1)\,f(x_1)/2$, that
# is $\hat f = (1, \tfrac12)\,f(x_1)$. Learnability is $\langle f, \hat f\rangle/\langle f, f\rangle$ over the
# *whole* domain, training points included (lab 9):
#
# | target | $f(x_1)$ | $\hat f$ | learnability |
# |---|---|---|---|
# | $\phi_a = (1, 1)$ | 1 | $(1, \frac12)$ | $(1 + \frac12)/2 = \frac34$ |
# | $\phi_b = (1, -1)$ | 1 | $(1, \frac12)$ | $(1 - \frac12)/2 = \frac14$ |
# | **sum** | | | **1**, and $n = 1$ |
#
# The smooth mode gets three quarters, the rough one the rest. Other targets, one orthonormal basis after another:
#
# | basis | learnabilities | sum |
# |---|---|---|
# | $(1, 0)$ and $(0, 1)$: "is it $x_1$?", "is it $x_2$?" | 1 and 0 | 1 |
# | $(\frac35, \frac45)$ and $(\frac45, -\frac35)$ | 0.6 and 0.4 | 1 |
#
# And other training sets, in the eigenbasis:
#
# | training set | | sum |
# |---|---|---|
# | $x_1$ and $x_2$ | both modes are learned | 2 |
# | $x_1$ with ridge 2 | $\hat f = (1, \frac12)\,f(x_1)\cdot\frac{2}{2 + 2}$ | $\frac12$ |
# | $x_1$ **twice** | the second copy says nothing new | 1, though $n = 2$ |
#
# Lab 9's approximate law, for comparison: eigenvalues over the domain are $\frac32$ and $\frac12$, $C$ solves
# $\frac{3/2}{3/2 + C} + \frac{1/2}{1/2 + C} = 1$, so $C = \sqrt{3}/2$, and the learnabilities are 0.634 and 0.366.
# Not quite $\frac34$ and $\frac14$, but their sum is 1 too.

# %% role="demo" name="worked-example"
hidden_weights = np.array([[1.0, 0], [0, 1], [1, 1]])
features = np.maximum(np.eye(2) @ hidden_weights.T, 0)
toy = features @ features.T
for basis in (np.array([[1.0, 1], [1, -1]]), np.eye(2), np.array([[3.0, 4], [4, -3]]) / 5):
    predictions = regression.kernel_regression(toy[:1, :1], toy[:, :1], basis.T[:1])  # (2, 2): a target a column
    shares = learnability.measured_learnability(basis.T, predictions)
    print("basis", basis.tolist(), " learnabilities", np.round(shares, 4), " sum", round(float(shares.sum()), 12))
predicted = learnability.learnabilities(spectra.from_matrix(toy), 1)
print("lab 9 predicts", np.round(predicted, 3), " sum", round(float(predicted.sum()), 12))

# %% [markdown]
# ## 2 · The budget
#
# Kernel regression from the training set $D$, with ridge $\delta$, is linear in the target: $\hat f = T f$, where $T$
# is the $M\times M$ matrix
#
# $$T = K_{\cdot D}\,(K_{DD} + \delta I)^{-1} S_D ,$$
#
# with $K_{\cdot D}$ the columns of $K$ at the training points, and $S_D$ the matrix that picks the training values out
# of $f$. In an orthonormal basis $\phi_1, \dots, \phi_M$ (for the inner product over the domain) learnability is
# $\langle\phi_i, T\phi_i\rangle$, a diagonal entry of $T$. Their sum is the trace, and a trace does not depend on the
# basis. Turn the product round under the trace, $S_D K_{\cdot D} = K_{DD}$:
#
# $$\sum_i \mathcal L_D(\phi_i) \;=\; \mathrm{tr}\,T \;=\; \mathrm{tr}\bigl[K_{DD}(K_{DD} + \delta I)^{-1}\bigr]
#   \;=\; \sum_j \frac{\mu_j}{\mu_j + \delta},$$
#
# with $\mu_j$ the eigenvalues of $K_{DD}$. Without a ridge every positive $\mu_j$ counts 1: **the sum is the rank of
# $K_{DD}$**. Nothing was approximated, and nothing averaged.
#
# S0 prints "training set size", exactly (`errata.md`, E30). That is the case of (i) no ridge, (ii) distinct points, (iii) a kernel that
# is nonsingular on them. Leave one of the three, and less is learned; never more.

# %% [markdown]
# ## Exercise 1 · `nfl_sum`
#
# Difficulty ●○○ · 15 minutes · 3 points
#
# **Equation**: S0, the sum in "No free lunch for neural networks", with its conditions: the trace above.
#
# | | | |
# |---|---|---|
# | `K` | `(M, M)` | kernel matrix of the whole domain, symmetric, no negative eigenvalues, perhaps singular |
# | `train` | `(n,)` whole numbers | rows of `K` that are the training points; repeats are allowed, and kept |
# | `ridge` | number ≥ 0 | $\delta$, absolute: it is added to the diagonal of $K_{DD}$ as it is |
# | returns | a number | $\sum_i\mathcal L_D(\phi_i)$ |
#
# At ridge 0 the answer is a whole number, the rank: count the eigenvalues above $10^{-10}$ times the largest one.


# %% role="answer" exercise="nfl_sum"
def nfl_sum(K, train, ridge=0.0):
    """Learnabilities of any full orthonormal basis, summed, for one training set: a number."""
    ### BEGIN SOLUTION
    mu = np.linalg.eigvalsh(K[np.ix_(train, train)])
    if ridge == 0:
        return float(np.sum(mu > 1e-10 * mu[-1]))
    return float(np.sum(mu / (mu + ridge)))
    ### END SOLUTION


# %% role="visible" exercise="nfl_sum"
t = lab.tests("nfl_sum")
chain = np.array([[2.0, 1, 0], [1, 2, 1], [0, 1, 2]])  # eigenvalues of the first two points: 3 and 1
t.close(
    "two of three points, ridge 2: 3/5 + 1/3",
    lambda: nfl_sum(chain, np.array([0, 1]), 2.0),
    14 / 15,
    rtol=1e-6,  # float32 rounds at 1e-7
    mistakes={
        "this is n: with a ridge less is learned, compute the trace": 2.0,
        "the ridge is multiplied by n: here it is absolute": 3 / 7 + 1 / 5,
        "the ridge is divided by n: here it is absolute": 1.25,
        "this is a mean: the budget is the sum": 7 / 15,
        "the eigenvalues of the whole K: those of the training block K[D, D] decide": (
            0.5 + sum(m / (m + 2) for m in (2 + 2**0.5, 2 - 2**0.5))
        ),
        "K_DD in front of the inverse is missing: this is the trace of (K_DD + δI)⁻¹": 8 / 15,
        "this is what is left over, n minus the sum": 16 / 15,
        "the squares of the shares are summed": 9 / 25 + 1 / 9,
        "the diagonal entries of K_DD stand where its eigenvalues belong": 1.0,
        "K/(K + δ) entry by entry is no matrix inverse": 5 / 3,
    },
)
t.close(
    "two of three points without a ridge",
    lambda: nfl_sum(chain, np.array([2, 0])),
    2.0,
    rtol=1e-6,
    mistakes={"this is 1 however many points there are: do not divide by n": 1.0},
)
t.close(
    "one point twice, and another: the copy adds nothing",
    lambda: nfl_sum(chain, np.array([0, 0, 2])),
    2.0,
    rtol=1e-6,
    mistakes={"this is n: a repeated point makes K_DD singular, and its rank decides": 3.0},
)
t.close(
    "the same three with ridge 2: 4/6 + 2/4 + 0/2",
    lambda: nfl_sum(chain, np.array([0, 0, 2]), 2.0),
    7 / 6,
    rtol=1e-6,
    mistakes={
        "the repeated point is left out: with a ridge a point seen twice counts more than once": 1.0,
        "this is the rank: with a ridge each eigenvalue counts μ/(μ + δ)": 2.0,
    },
)
t.close(
    "three distinct points, but a kernel with one feature, K = f fᵀ",
    lambda: nfl_sum(np.outer([1.0, 2, 3], [1.0, 2, 3]), np.array([0, 1, 2])),
    1.0,
    rtol=1e-6,
    mistakes={"this is the number of distinct points: K_DD has rank 1 here": 3.0},
)
t.report()

# %% role="hidden" exercise="nfl_sum" points=3
# Hidden tests: fresh kernels and training sets, with and without ridge; repeats; singular kernels; a tiny kernel.
### BEGIN HIDDEN TESTS
t = lab.tests("nfl_sum", hidden=True)
reference = lab.reference("learnability.no_free_lunch_sum")


def wrong_sums(K, train, ridge):
    """What mistakes give: diagnosis -> value."""
    n, block = len(train), K[np.ix_(train, train)]
    mu, right = np.linalg.eigvalsh(block), reference(K, train, ridge)
    whole = np.linalg.eigvalsh(K)
    rest = np.setdiff1d(np.arange(len(K)), train)
    diagonal = np.diag(block)
    return {
        "this is n": float(n),
        "the repeated points are left out": reference(K, np.unique(train), ridge),
        "this is the rank: with a ridge each eigenvalue counts μ/(μ + δ)": reference(K, train, 0.0),
        "the ridge is multiplied by n": reference(K, train, ridge * n),
        "the ridge is divided by n": reference(K, train, ridge / n),
        "this is a mean: the budget is the sum": right / n,
        "the eigenvalues of the whole K: those of the training block decide": np.sum(whole / (whole + ridge)),
        "the block of the points that are not trained on": reference(K, rest, ridge),
        "K_DD in front of the inverse is missing": np.sum(1 / (mu + ridge)),
        "this is what is left over, n minus the sum": n - right,
        "the squares of the shares are summed": np.sum((mu / (mu + ridge)) ** 2),
        "the diagonal entries of K_DD stand where its eigenvalues belong": np.sum(diagonal / (diagonal + ridge)),
        "K/(K + δ) entry by entry is no matrix inverse": np.sum(block / (block + ridge)),
    }


for what, n, M_points, scale in (
    ("a fresh kernel", 4, 9, 1.0),
    ("more points", 7, 12, 3.0),
    ("small entries", 5, 8, 1e-3),
):
    F = t.rng.standard_normal((M_points, M_points + 3))
    K, train = scale * F @ F.T, t.rng.permutation(M_points)[:n]
    ridge = scale * t.rng.uniform(2, 6)
    t.close(
        f"{what}, ridge",
        lambda: nfl_sum(K, train, ridge),
        reference(K, train, ridge),
        rtol=1e-6,
        mistakes=wrong_sums(K, train, ridge),
    )
    t.close(f"{what}, no ridge", lambda: nfl_sum(K, train), float(n), rtol=1e-6)
train = np.append(train, [train[0], train[1], train[0]])
t.close(
    "repeated points, ridge",
    lambda: nfl_sum(K, train, ridge),
    reference(K, train, ridge),
    rtol=1e-6,
    mistakes=wrong_sums(K, train, ridge),
)
t.close(
    "repeated points, no ridge",
    lambda: nfl_sum(K, train),
    float(n),
    rtol=1e-6,
    mistakes={"this is n: a repeated point makes K_DD singular, and its rank decides": float(len(train))},
)
F = t.rng.integers(1, 5, (9, 3)) + 5.0 * np.eye(9, 3)  # the first three rows are independent: rank 3
K, train = F @ F.T, np.concatenate([np.arange(3), 3 + t.rng.permutation(6)[:3]])
t.close(
    "a kernel of three features, six distinct points",
    lambda: nfl_sum(K, train),
    3.0,
    rtol=1e-6,
    mistakes={"this is the number of distinct points, not the rank": 6.0},
)
t.close(
    "the same, tiny",
    lambda: nfl_sum(1e-12 * K, train),
    3.0,
    rtol=1e-6,
    mistakes={
        "the threshold must be relative to the largest eigenvalue": lambda: np.sum(
            np.linalg.eigvalsh(1e-12 * K) > 1e-10
        )
    },
)
t.close("one point", lambda: nfl_sum(K, train[:1], K[0, 0]), 0.5, rtol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="nfl_sum"
# <details><summary>Hint 1 · concept</summary>
#
# You never need a basis, a target or a prediction: only the kernel among the training points. What does one
# eigenvalue contribute, with a ridge, and without?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The `(n, n)` block of `K` at the rows *and* columns `train`; its eigenvalues $\mu_1, \dots, \mu_n$. With a ridge
# $\sum_j\mu_j/(\mu_j + \delta)$; at ridge 0 how many $\mu_j$ are positive, up to rounding.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `K[train][:, train]` is the block (`K[train, train]` would be its diagonal). `np.linalg.eigvalsh` gives the
# eigenvalues in rising order. At ridge 0 compare them with `1e-10` times the last one and count.
#
# </details>

# %% [markdown]
# ## 3 · Linear regression is a special case
#
# "It also applies to linear regression", says S0. Linear regression on features $x\in\mathbb R^p$ is kernel
# regression with $K = XX^\top$ (lab 1), whose rank is at most $p$. Ten thousand examples of five features fill five
# units, and not one more. With a ridge, $\mathrm{tr}[K_{DD}(K_{DD}+\delta I)^{-1}] =
# \mathrm{tr}[X_D^\top X_D(X_D^\top X_D + \delta I)^{-1}]$ is what statisticians call the **effective degrees of
# freedom** of ridge regression: the trace of the matrix that turns training labels into fitted values.

# %% [markdown]
# ## Exercise 2 · `nfl_linear_regression`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# **Equation**: the trace of section 2 for $K = XX^\top$; at ridge 0, $\mathrm{rank}\,X_D \le \min(n, p)$.
#
# | | | |
# |---|---|---|
# | `X` | `(M, p)` | features of all points of the domain, as they are: no column of ones is added. Columns may depend on each other |
# | `train` | `(n,)` whole numbers | rows that are the training points, repeats allowed |
# | `ridge` | number ≥ 0 | added to the diagonal as it is |
# | returns | a number | total learnability of linear regression |


# %% role="answer" exercise="nfl_linear_regression"
def nfl_linear_regression(X, train, ridge=0.0):
    """Total learnability of linear regression on the features X, trained on some rows: a number."""
    ### BEGIN SOLUTION
    rows = X[train]
    return nfl_sum(rows @ rows.T, np.arange(len(rows)), ridge)
    ### END SOLUTION


# %% role="visible" exercise="nfl_linear_regression"
t = lab.tests("nfl_linear_regression")
X = np.array([[3.0, 0], [0, 4], [3, 0], [0, -4], [5, 5]])
t.close(
    "four points, two features, ridge 14: XᵀX is diagonal, 18/32 + 32/46",
    lambda: nfl_linear_regression(X, np.arange(4), 14.0),
    18 / 32 + 32 / 46,
    rtol=1e-6,
    mistakes={
        "this is min(n, p): with a ridge less is learned": 2.0,
        "this is n": 4.0,
        "the ridge is multiplied by n: here it is absolute": 18 / 74 + 32 / 88,
        "the ridge is divided by n: here it is absolute": 18 / 21.5 + 32 / 35.5,
        "all rows of X were used: train on the given ones": (
            lambda: np.trace(np.linalg.solve(X.T @ X + 14 * np.eye(2), X.T @ X))
        ),
        "singular values stand where eigenvalues of XᵀX, their squares, belong": (
            18**0.5 / (18**0.5 + 14) + 32**0.5 / (32**0.5 + 14)
        ),
        "a column of ones was added: take X as it is": lambda: np.trace(
            np.linalg.solve(
                np.column_stack([np.ones(4), X[:4]]).T @ np.column_stack([np.ones(4), X[:4]]) + 14 * np.eye(3),
                np.column_stack([np.ones(4), X[:4]]).T @ np.column_stack([np.ones(4), X[:4]]),
            )
        ),
    },
)
t.close(
    "four points, two features, no ridge",
    lambda: nfl_linear_regression(X, np.arange(4)),
    2.0,
    rtol=1e-6,
    mistakes={
        "this is n: XᵀX has only p eigenvalues": 4.0,
        "a column of ones was added: take X as it is": 3.0,
    },
)
t.close(
    "one point, two features, no ridge",
    lambda: nfl_linear_regression(X, np.array([4])),
    1.0,
    rtol=1e-6,
    mistakes={"this is p: one example fills one unit at most": 2.0},
)
t.close(
    "two points on one line through 0",
    lambda: nfl_linear_regression(X, np.array([1, 3])),
    1.0,
    rtol=1e-6,
    mistakes={"this is min(n, p), but the rank decides: here it is smaller": 2.0},
)
t.report()

# %% role="hidden" exercise="nfl_linear_regression" points=2
# Hidden tests: fresh features, more rows than columns and fewer, dependent columns, repeats, ridges.
### BEGIN HIDDEN TESTS
t = lab.tests("nfl_linear_regression", hidden=True)
reference = lab.reference("learnability.no_free_lunch_sum")
for what, n, p in (("more points than features", 11, 4), ("fewer points than features", 4, 9), ("many points", 40, 5)):
    X = t.rng.standard_normal((n + 6, p)) + 0.4
    train, ridge = t.rng.permutation(n + 6)[:n], t.rng.uniform(1, 3)
    K, D = X @ X.T, X[train]
    spread, ones = np.linalg.svd(D, compute_uv=False), np.column_stack([np.ones(len(X)), X])
    t.close(
        f"{what}, ridge",
        lambda: nfl_linear_regression(X, train, ridge),
        reference(K, train, ridge),
        rtol=1e-6,
        mistakes={
            "this is min(n, p): with a ridge less is learned": float(min(n, p)),
            "this is n": float(n),
            "this is p": float(p),
            "the ridge is multiplied by n": reference(K, train, ridge * n),
            "the ridge is divided by n": reference(K, train, ridge / n),
            "all rows of X were used": reference(K, np.arange(len(X)), ridge),
            "a column of ones was added": reference(ones @ ones.T, train, ridge),
            "singular values stand where their squares belong": np.sum(spread / (spread + ridge)),
        },
    )
    t.close(
        f"{what}, no ridge",
        lambda: nfl_linear_regression(X, train),
        float(min(n, p)),
        rtol=1e-6,
        mistakes={"this is n": float(n), "this is p": float(p), "a column of ones was added": float(min(n, p + 1))},
    )
X = t.rng.integers(1, 6, (12, 2)) + 5.0 * np.eye(12, 2)  # the first two rows are independent
X = np.column_stack([X, X[:, 0] + X[:, 1], 2 * X[:, 0] - X[:, 1]])  # rank 2 in four columns
train = np.concatenate([np.arange(2), 2 + t.rng.permutation(10)[:5]])
t.close(
    "columns that depend on each other",
    lambda: nfl_linear_regression(X, train),
    2.0,
    rtol=1e-6,
    mistakes={"this is min(n, p), but the rank decides": 4.0},
)
train = np.array([train[0], train[0], train[0]])
t.close("one point three times", lambda: nfl_linear_regression(X, train), 1.0, rtol=1e-6)
size = 3 * np.sum(X[train[0]] ** 2)
t.close("one point three times, ridge", lambda: nfl_linear_regression(X, train, size / 3), 0.75, rtol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="nfl_linear_regression"
# <details><summary>Hint 1 · concept</summary>
#
# Which kernel is linear regression? You have a function for every kernel already.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $K_{DD} = X_DX_D^\top$, `(n, n)`, has the same positive eigenvalues as $X_D^\top X_D$, `(p, p)`: the squared
# singular values of the rows that are trained on. Either matrix will do.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# The kernel of all points is `X @ X.T`; hand it to `nfl_sum` with `train` and the ridge. (For thousands of points
# take only the rows you need.)
#
# </details>

# %% [markdown]
# ### See it: three ways to spend less than n
#
# **Predict, then run.** (1) Left: six points of a circle of sixty and a growing ridge. Which of the four networks'
# kernels leaves most of its budget unspent at ridge 0.1? (2) Middle: $n$ points drawn *with replacement* from the
# ten. How many units do twenty draws fill? (3) Right: linear regression with three features.

# %% role="figure" name="unspent"
rng = np.random.default_rng(0)
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(10.5, 3.5))
ridges = np.logspace(-4, 1, 21)
ring = datasets.circle(60)  # more points, so that lab 9's prediction has a chance
six = [rng.permutation(60)[:6] for _ in range(60)]
for name, mlp in nets.items():
    K = kernels.ntk(ring, mlp=mlp)
    unspent = np.array([6 - np.mean([nfl_sum(K, train, ridge) for train in six]) for ridge in ridges])
    constants = [learnability.learnability_constant(spectra.from_matrix(K), 6, ridge) for ridge in ridges[::4]]
    left.plot(ridges, unspent, styles[name], label=name)
    left.plot(ridges[::4], ridges[::4] / constants, "ko", ms=4, mfc="white")
    print(
        f"{name}: unspent of 6 at ridge 0.1: {unspent[12]:.2f}, predicted {ridges[12] / constants[3]:.2f}; at ridge 0: {6 - nfl_sum(K, six[0]):g}"
    )
left.set(xscale="log", xlabel="ridge δ", ylabel="n − Σ L", title="ridge, n = 6 of 60 points", ylim=(0, 6))
left.set_xticks([1e-4, 1e-2, 1, 10], ["0.0001", "0.01", "1", "10"])
left.minorticks_off()
left.legend(fontsize=8)
sizes = np.arange(1, 21)
drawn = [np.mean([nfl_sum(circle_kernels["ReLU, 4 hidden"], rng.integers(0, M, n)) for _ in range(200)]) for n in sizes]
middle.plot(sizes, M * (1 - (1 - 1 / M) ** sizes), "k-", lw=1, label="10 (1 − 0.9ⁿ)")
middle.plot(sizes, drawn, "ko", ms=4, mfc="white", label="your nfl_sum")
middle.plot([0, 10], [0, 10], color="0.5", ls="--", lw=1, label="n")
middle.set(xlabel="draws n, with replacement", ylabel="Σ L", title="repeats, of 10 points", ylim=(0, 10.5))
middle.legend(fontsize=8)
table = rng.standard_normal((12, 3))
order = np.arange(12)
for ridge, style in ((0.0, "k-o"), (1.0, "k:s")):
    filled = [nfl_linear_regression(table, order[:n], ridge) for n in range(1, 13)]
    right.plot(order + 1, filled, style, ms=4, mfc="white", label=f"ridge {ridge:g}")
right.plot([0, 5], [0, 5], color="0.5", ls="--", lw=1, label="n")
right.set(xlabel="points n", ylabel="Σ L", title="linear regression, p = 3", ylim=(0, 5), xlim=(0, 12.5))
right.legend(fontsize=8, loc="lower right")
plt.show()
print(f"20 draws with replacement fill {drawn[-1]:.2f} units on average")

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Three panels. Left: unspent budget against the ridge, rising from 0 to nearly 6 for four kernels; the tanh network with one hidden layer rises first, the two networks with four hidden layers last; small circles of the prediction lie on the lines or near them. Middle: total learnability of n draws with replacement bends away from the diagonal and reaches nearly 9 at twenty draws. Right: linear regression with three features follows the diagonal to 3 and stays there; with a ridge it approaches 3 from below.](unspent.png)
#
# - **Ridge.** Every eigenvalue loses $\delta/(\mu + \delta)$, so kernels with small eigenvalues leave most. The
#   circles are lab 9's prediction: $\sum_i m_i\mathcal L_i = n - \delta/C$, on average over training sets. A ridge
#   buys stability against noise, and you can read the price here.
# - **Repeats.** The sum is the number of *distinct* points: on average $10\,(1 - 0.9^n)$ of ten.
# - **Rank.** $\min(n, 3)$. The printed "training set size" holds up to $n = p$.
#
# </details>

# %% [markdown]
# ## 4 · Who gets it?
#
# The budget is the same for every kernel. What makes one kernel better than another *for a target* is how it is
# shared out. So measure the shares, mode by mode: train on the values of one mode at the training points, predict on
# the whole domain, and project.

# %% [markdown]
# ## Exercise 3 · `per_mode_learnability`
#
# Difficulty ●●○ · 20 minutes · 4 points
#
# **Equation**: S0, kernel regression $\hat f(x) = K(x, D)K(D, D)^{-1}f(D)$ and
# $\mathcal L = \langle f, \hat f\rangle/\langle f, f\rangle$, one training set: the left bars of Figure 2.
#
# | | | |
# |---|---|---|
# | `K` | `(M, M)` | kernel matrix of the whole domain |
# | `train` | `(n,)` whole numbers | training points; $K_{DD}$ is nonsingular |
# | `modes` | `(c, M)` | targets, a **row** each (the library's are columns), of any size, not only orthonormal ones |
# | returns | `(c,)` | the learnability of each, over all $M$ points; single ones may be negative or exceed 1 |


# %% role="answer" exercise="per_mode_learnability"
def per_mode_learnability(K, train, modes):
    """Learnability (c,) of each of the targets modes (c, M) after kernel regression on the training points."""
    ### BEGIN SOLUTION
    weights = np.linalg.solve(K[np.ix_(train, train)], modes[:, train].T)
    learned = (K[:, train] @ weights).T
    return np.sum(modes * learned, axis=1) / np.sum(modes**2, axis=1)
    ### END SOLUTION


# %% role="visible" exercise="per_mode_learnability"
t = lab.tests("per_mode_learnability")
t.close(
    "the worked example",
    lambda: per_mode_learnability(np.array([[2.0, 1], [1, 2]]), np.array([0]), np.array([[1.0, 1], [1, -1]])),
    [0.75, 0.25],
    rtol=1e-6,
    mistakes={
        "only the training points were looked at, where every target is learned: take the whole domain": [1.0, 1.0],
        "the training points were left out: learnability is over the whole domain": [0.5, -0.5],
        "twice too large: ⟨f, f⟩ is missing below, or the inverse of K_DD is missing": [1.5, 0.5],
        "the predictions stand below: divide by ⟨f, f⟩, not by ⟨f̂, f̂⟩": [1.2, 0.4],
        "this is a correlation: divide by ⟨f, f⟩ alone": [1.5 / 2.5**0.5, 0.5 / 2.5**0.5],
        "the values are squared": [9 / 16, 1 / 16],
        "this is 1 − error/power (R²): project the prediction on the target": [7 / 8, -1 / 8],
        "the kernel stands where its inverse on the training points belongs": [3.0, 1.0],
        "the sum over the targets: return one number for each": 1.0,
    },
)
chain = np.array([[2.0, 1, 0], [1, 2, 1], [0, 1, 2]])
three = np.array([[1.0, 2, 0.5], [2, -1, 1], [0, 1, 1]])
inner, power = np.array([5.5, -0.5, 1.5]), np.array([5.25, 6, 2])  # predictions (1, 2, 1), (-½, -1, -½), (½, 1, ½)
predicted_power = np.array([6, 1.5, 1.5])
t.close(
    "three targets on three points, the middle one trained on",
    lambda: per_mode_learnability(chain, np.array([1]), three),
    inner / power,  # 22/21, -1/12, 3/4
    rtol=1e-6,
    mistakes={
        "rows and columns of modes are exchanged: a target is a row": [1.0, -1 / 12, 7 / 9],
        "the values are clipped to [0, 1]: single ones may lie outside": [1.0, 0.0, 0.75],
        "only the training points were looked at: take the whole domain": [1.0, 1.0, 1.0],
        "the training points were left out: learnability is over the whole domain": [1.2, -0.3, 0.5],
        "⟨f, f⟩ is missing below: these targets are not of length 1": inner,
        "the mean over points stands for ⟨f, f⟩: these targets are not of mean square 1": inner / 3,
        "the predictions stand below: divide by ⟨f, f⟩, not by ⟨f̂, f̂⟩": inner / predicted_power,
        "this is a correlation: divide by ⟨f, f⟩ alone": inner / np.sqrt(power * predicted_power),
        "the values are squared": (inner / power) ** 2,
        "this is 1 − error/power (R²): project the prediction on the target": (2 * inner - predicted_power) / power,
        "the kernel stands where its inverse on the training points belongs": 4 * inner / power,
        "the inverse of K_DD is missing: solve": 2 * inner / power,
        "the sum over the targets: return one number for each": np.sum(inner / power),
    },
)
K, train = kernels.ntk(circle, mlp=nets["ReLU, 4 hidden"]), np.array([7, 2, 3, 8])


def answered(given):
    return np.asarray(per_mode_learnability(K, train, given), dtype=float)


t.holds(
    "all ten modes of the circle get n together",
    lambda: abs(np.sum(answered(modes)) - 4) < 1e-3,
    "over a full orthonormal basis the learnabilities must add up to n = 4: are training rows and columns mixed up?",
)
t.close(
    "targets need not be normalised",
    lambda: answered(3.0 * modes[:4]) - answered(modes[:4]),
    np.zeros(4),
    atol=1e-5,
)
t.report()

# %% role="hidden" exercise="per_mode_learnability" points=4
# Hidden tests: fresh kernels, training sets and targets; one target; a full basis, in which rows and columns differ.
### BEGIN HIDDEN TESTS
t = lab.tests("per_mode_learnability", hidden=True)
reference = lab.reference("learnability.mode_learnabilities")


def wrong_shares(K, train, given):
    """What mistakes give: diagnosis -> values."""
    f, rest = given.T, np.setdiff1d(np.arange(len(K)), train)
    f_hat = regression.kernel_regression(K[np.ix_(train, train)], K[:, train], f[train])
    power, right = np.sum(f**2, 0), reference(K, train, f)
    product = np.sum(f * f_hat, 0)
    other = regression.kernel_regression(K[np.ix_(rest, rest)], K[:, rest], f[rest])
    wrong = {
        "only the training points were looked at": np.ones(len(given)),
        "the training points were left out": np.sum((f * f_hat)[rest], 0) / np.sum(f[rest] ** 2, 0),
        "the values are clipped to [0, 1]": np.clip(right, 0, 1),
        "⟨f, f⟩ is missing below": product,
        "the mean over points stands for ⟨f, f⟩": product / len(K),
        "the predictions stand below: divide by ⟨f, f⟩": product / np.sum(f_hat**2, 0),
        "this is a correlation: divide by ⟨f, f⟩ alone": product / np.sqrt(power * np.sum(f_hat**2, 0)),
        "the values are squared": right**2,
        "this is 1 − error/power (R²)": 1 - np.sum((f - f_hat) ** 2, 0) / power,
        "the kernel stands where its inverse on the training points belongs": (
            np.sum(f * (K[:, train] @ K[np.ix_(train, train)] @ f[train]), 0) / power
        ),
        "the inverse of K_DD is missing: solve": np.sum(f * (K[:, train] @ f[train]), 0) / power,
        "trained on the other points": np.sum(f * other, 0) / power,
        "the sum over the targets: return one number for each": right.sum(),
    }
    if len(given) == len(K):
        wrong["rows and columns of modes are exchanged: a target is a row"] = reference(K, train, given)
    return wrong


for what, M_points, n, c in (("three targets", 8, 3, 3), ("a full set of targets", 7, 4, 7), ("one target", 9, 5, 1)):
    F = t.rng.standard_normal((M_points, M_points + 6))
    K, train = F @ F.T, t.rng.permutation(M_points)[:n]
    given = t.rng.standard_normal((c, M_points)) * t.rng.uniform(1.5, 3)
    rest = np.setdiff1d(np.arange(M_points), train)
    onto = K[np.ix_(rest, train)] @ np.linalg.solve(K[np.ix_(train, train)], given[0, train])
    given[0, rest] = -2 * np.sum(given[0, train] ** 2) / np.sum(onto**2) * onto  # a target of negative learnability
    t.close(
        what,
        lambda: per_mode_learnability(K, train, given),
        reference(K, train, given.T),
        rtol=1e-6,
        atol=1e-6,
        mistakes=wrong_shares(K, train, given),
    )
for name in ("ReLU, 1 hidden", "ReLU, 4 hidden"):
    K, train = kernels.ntk(circle, mlp=nets[name]), t.rng.permutation(M)[:5]
    t.close(
        f"the circle, {name}",
        lambda: per_mode_learnability(K, train, modes),
        reference(K, train, modes.T),
        rtol=1e-6,
        atol=1e-6,
        mistakes=wrong_shares(K, train, modes),
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="per_mode_learnability"
# <details><summary>Hint 1 · concept</summary>
#
# Three steps: the values of every target at the training points; the prediction at *all* points; the projection of
# each prediction on its own target. All targets share one linear system.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Training values: the columns `train` of `modes`, `(c, n)`; transposed they are right-hand sides `(n, c)`.
# $K_{\cdot D}$ is `(M, n)`, so predictions are `(M, c)`. Then
# $\sum_x f(x)\hat f(x) / \sum_x f(x)^2$, over all $M$ points, for each target.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `regression.kernel_regression` takes the training block, `K[:, train]` and the transposed training values.
# Transpose its answer to have a target a row, multiply entry by entry with `modes`, sum along `axis=1`, and divide by
# the sum of the squares of `modes`.
#
# </details>

# %% [markdown]
# ### Turn the knob: the budget as it is spent
#
# One point after another, averaged over *all* training sets of $n$ points. Bars: your `per_mode_learnability`, by
# frequency (a sine and a cosine share one). Circles: $\lambda/(\lambda + C)$ from lab 9, which needs nothing but
# eigenvalues. **Predict, then run**: ReLU with four hidden layers and tanh with one have the same budget. Which
# spreads it wider? Which frequencies does tanh prefer?

# %% role="figure" name="slider"
by_frequency = [frequencies == k for k in range(6)]


def average_shares(name, n):
    """Learnability by frequency (6,), the mean over all training sets of n points."""
    K = circle_kernels[name]
    shares = np.mean([per_mode_learnability(K, np.array(D), modes) for D in combinations(range(M), n)], axis=0)
    return np.array([shares[which].mean() for which in by_frequency])


def predicted_shares(name, n):
    """The same by lab 9: eigenvalues by frequency, then the constant C."""
    eigenvalues = [phi @ circle_kernels[name] @ phi / M**2 for phi in (modes[which][0] for which in by_frequency)]
    levels = spectra.Spectrum(np.array(eigenvalues), np.array([1, 2, 2, 2, 2, 1]), tuple(range(6)))
    return learnability.learnabilities(levels, n)


def draw(n):
    fig, axes = plt.subplots(1, 2, figsize=(6.4, 2.9), sharey=True)
    for ax, name in zip(axes, ("ReLU, 4 hidden", "tanh, 1 hidden"), strict=True):
        ax.bar(range(6), average_shares(name, n), color="0.75", edgecolor="k", label="kernel")
        ax.plot(range(6), predicted_shares(name, n), "ko", mfc="white", label="λ/(λ + C)")
        ax.set(xlabel="frequency k", title=name, ylim=(0, 1.3))
    axes[0].set_ylabel("learnability")
    axes[1].legend(fontsize=8, ncols=2, loc="upper center")
    return fig


lab.slider(
    draw,
    n=[1, 3, 6, 9],
    alt="Learnability by frequency on the circle of ten points for two kernels, after 1, 3, 6 and 9 training points",
)
for name in nets:
    gaps = [np.abs(average_shares(name, n) - predicted_shares(name, n)).max() for n in (3, 6)]
    print(f"{name}: largest gap of kernel and λ/(λ + C)  n = 3: {gaps[0]:.3f}   n = 6: {gaps[1]:.3f}")

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Four pairs of bar charts for 1, 3, 6 and 9 training points. The ReLU network's bars fall evenly from the lowest to the highest frequency; the tanh network's bars alternate, high at odd frequencies, highest at frequency one. Circles of the prediction lie near the tops of the bars, for tanh less closely.](slider.png)
#
# ReLU with four layers spreads its budget; tanh with one layer puts nearly all into frequency 1, then 3, then 5: an
# odd activation with small biases is good at odd functions. For a target of frequency 2 that is a poor buy, for one
# of frequency 3 a good one, and *no* kernel is a good buy for everything. That is the lunch that is not free.
#
# The bars add up to $n$ exactly, for each training set. The circles add up to $n$ too, but each is approximate: lab
# 9's law is for many points drawn from a large domain, and ten points are not many.
#
# </details>

# %% [markdown]
# ## 5 · Does a trained network keep the law?
#
# The theorem is about kernel regression. A finite network is that only approximately (lab 4), it is trained for a
# finite time, and it starts from a random function. Three ways to miss $n$; measure each.

# %% [markdown]
# ## Exercise 4 · `network_nfl`
#
# Difficulty ●●● · 30 minutes · 4 points
#
# The same shares, by networks that gradient descent has trained: the right bars of Figure 2. Every mode gets **a
# network of its own**, with weights of its own; all see the same training points.
#
# **Equation**: $\mathcal L = \langle f, \hat f\rangle/\langle f, f\rangle$ with $\hat f$ the trained network, **centred**:
# its output minus its output before training. Descent on $\frac1{2n}\sum(\hat f - f)^2$, with one step size.
#
# | | | |
# |---|---|---|
# | `mlp` | an `MLP` | the architecture; `networks.NTKNet.from_mlp(mlp, d, width, seed=...)` makes a network of it |
# | `width` | whole number | units in each hidden layer |
# | `seed` | whole number ≥ 0 | the network of row `i` of `modes` has the seed `len(modes) * seed + i`, so that no two calls share a network |
# | `domain` | `(M, d)` | all inputs |
# | `train` | `(n,)` whole numbers | the training points, the same for every mode |
# | `modes` | `(c, M)` | targets, a row each, of any size |
# | `eta`, `steps` | numbers | `steps` full steps of size `eta` for every network, no early stop |
# | returns | `(c,)` | the learnability of each over all $M$ points |
#
# `networks.train_ensemble(factory, seeds, X, Y, eta, steps, device=place)` trains many networks at once; it has this
# very loss, it centres unless told otherwise, and its `.outputs(Z)` are `(S, m, 1)` for $S$ networks. Each can have a
# training set of its own: `X` is `(S, n, d)` and `Y` is `(S, n)` then. A loop over networks is as right, and slower.


# %% role="answer" exercise="network_nfl"
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    """Learnability (c,) of each of the targets modes (c, M), each by a trained, centred network of its own."""
    ### BEGIN SOLUTION
    c = len(modes)
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=s),
        range(c * seed, c * seed + c),
        np.repeat(domain[None, train], c, axis=0),
        modes[:, train],
        eta,
        steps,
        device=place,
    )
    trained = ensemble.outputs(domain)[:, :, 0]
    return np.sum(modes * trained, axis=1) / np.sum(modes**2, axis=1)
    ### END SOLUTION


# %% role="visible" exercise="network_nfl"
t = lab.tests("network_nfl")
points = np.array([[1.0, 0, 1], [0.5, 1, 0], [-1, 1, 0.5], [0, -1.5, 1]])
few, targets = np.array([3, 2, 0]), np.array([[1.0, 2, -1, 0.5], [0.5, -1, 2, 3], [2, 0.5, 1, -1]])
straight = MLP(0, "linear", C_W=3.0)  # no hidden layer: f(x) = w·x, and descent is exact on outputs, K = x·x'
K = points @ points.T


def straight_outputs(eta=0.2, rows=few, steps=4, start=0.0):
    """Outputs (M, c) of linear networks after descent, from those at the start."""
    out = np.zeros((4, 3)) + start
    for _ in range(steps):
        out = out - eta / len(rows) * K[:, rows] @ (out - targets.T)[rows]
    return out


def projected(out, rows=slice(None), power=None):
    inner = np.einsum("xi,ix->i", out[rows], targets[:, rows])
    return inner / (np.einsum("ix,ix->i", targets[:, rows], targets[:, rows]) if power is None else power)


start = np.column_stack([networks.NTKNet.from_mlp(straight, 3, 6, seed=3 * 5 + i)(points)[:, 0] for i in range(3)])
others = np.array([1])
t.close(
    "networks without hidden layers, where every step can be followed by hand",
    lambda: network_nfl(straight, 6, 5, points, few, targets, 0.2, 4),
    projected(straight_outputs()),
    rtol=1e-4,  # float32 networks round at 1e-6
    atol=1e-5,
    mistakes={
        "the output at the start is not subtracted: centre the network": projected(straight_outputs(start=start)),
        "all points were trained on: only those in train": projected(straight_outputs(rows=np.arange(4))),
        "the first n points were trained on, not those in train": projected(straight_outputs(rows=np.arange(3))),
        "the loss lacks its 1/n: the steps are n times too large": projected(straight_outputs(eta=0.6)),
        "the loss lacks its ½: the steps are twice too large": projected(straight_outputs(eta=0.4)),
        "the steps are half as large as they should be: the gradient of 1/(2n) Σ has 1/n": (
            projected(straight_outputs(eta=0.1))
        ),
        "only the training points were looked at: learnability is over the whole domain": (
            projected(straight_outputs(), few)
        ),
        "the training points were left out: learnability is over the whole domain": (
            projected(straight_outputs(), others)
        ),
        "⟨f, f⟩ is missing below": projected(straight_outputs(), power=1.0),
        "the mean over points stands for ⟨f, f⟩": projected(straight_outputs(), power=4.0),
        "one step too many": projected(straight_outputs(steps=5)),
        "one step too few": projected(straight_outputs(steps=3)),
        "this is the kernel's share, trained to the end: train networks, for `steps` steps": (
            lambda: projected(K[:, few] @ np.linalg.solve(K[few][:, few], targets.T[few]))
        ),
        "the sum over the targets: return one number for each": projected(straight_outputs()).sum(),
    },
)
t.close(
    "no step at all: a centred network has learned nothing",
    lambda: network_nfl(nets["tanh, 1 hidden"], 8, 2, points, few, targets, 0.2, 0),
    np.zeros(3),
    atol=1e-6,
)


def one_step(seeds, eta=0.3):
    """Shares after one step of narrow ReLU networks, the gradient by hand: f(x) = √⅔ Σ a σ(√⅔ W x)."""
    shares, root = [], np.sqrt(2 / 3)
    for target, seed in zip(targets, seeds, strict=True):
        W, a = (p.detach().numpy().astype(float) for p in networks.NTKNet(3, 3, seed=seed).parameters())
        before = np.maximum(root * points @ W.T, 0)
        pull = eta * root * target[few] / len(few)
        W_new = W + root * (pull[:, None] * a * (before[few] > 0)).T @ points[few]
        after = np.maximum(root * points @ W_new.T, 0) @ (a[0] + pull @ before[few])
        shares.append(target @ (root * (after - before @ a[0])) / (target @ target))
    return np.array(shares)


def together(seed):
    """Shares of a single network that has an output for each target."""
    three = networks.NTKNet(3, 3, n_out=3, seed=seed)
    all_at_once = networks.train_ensemble(lambda _: three, [seed], points[few], targets[:, few].T, 0.3, 1)
    return projected(all_at_once.outputs(points)[0])


t.close(
    "one step of three narrow ReLU networks: the seeds",
    lambda: network_nfl(MLP(1, "relu"), 3, 4, points, few, targets, 0.3, 1),
    one_step([12, 13, 14]),
    rtol=1e-4,
    atol=1e-5,
    mistakes={
        "one network for all modes: the network of row i has the seed len(modes) * seed + i": one_step([12, 12, 12]),
        "all networks have the seed `seed`: row i has len(modes) * seed + i": one_step([4, 4, 4]),
        "the seeds are seed + i: two calls would share networks; row i has len(modes) * seed + i": one_step([4, 5, 6]),
        "the seeds begin at 0: seed is ignored": one_step([0, 1, 2]),
        "one network with an output for each mode: they share their hidden layers; train one network a mode": (
            lambda: together(4)
        ),
        "one network with an output for each mode: they share hidden layers": lambda: together(12),
    },
)
t.report()

# %% role="hidden" exercise="network_nfl" points=4
# Hidden tests: fresh architectures, widths, seeds, inputs, training sets, targets, steps.
### BEGIN HIDDEN TESTS
t = lab.tests("network_nfl", hidden=True)
kernel_shares = lab.reference("learnability.mode_learnabilities")


def by_networks(mlp, width, seeds, X, train, given, eta, steps, centred=True, rows=slice(None), power=None):
    """Shares by networks of these seeds, with mistakes on request."""
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, X.shape[1], width, seed=s),
        [int(s) for s in seeds],
        np.repeat(X[None, train], len(given), axis=0),
        given[:, train],
        eta,
        steps,
        centered=centred,
    )
    inner = np.sum((given * ensemble.outputs(X)[:, :, 0])[:, rows], 1)
    return inner / (np.sum(given[:, rows] ** 2, 1) if power is None else power)


def by_one_network(mlp, width, seed, X, train, given, eta, steps):
    """One network with an output for each target."""
    net = [networks.NTKNet.from_mlp(mlp, X.shape[1], width, n_out=len(given), seed=seed)]
    ensemble = networks.train_ensemble(lambda s: net[0], [seed], X[train], given[:, train].T, eta, steps)
    return np.sum(given * ensemble.outputs(X)[0].T, 1) / np.sum(given**2, 1)


for what, mlp, d, n, c in (
    ("one hidden layer", MLP(1, "relu", C_b=0.2), 2, 3, 3),
    ("two hidden layers", MLP(2, "tanh", C_W=1.5, C_b=0.1), 3, 4, 2),
    ("a read-out of its own", MLP(1, "erf", C_W=1.8, C_b=0.3, readout=(1.2, 0.1)), 2, 4, 4),
):
    X, width, seed = t.rng.standard_normal((8, d)), int(t.rng.integers(14, 22)), int(t.rng.integers(3, 500))
    train = 7 - t.rng.permutation(5)[:n]  # never the first n points
    given = t.rng.standard_normal((c, 8)) * t.rng.uniform(1.5, 2.5)
    K = kernels.ntk(X, mlp=mlp)
    eta, steps = 0.25 * n / np.linalg.eigvalsh(K[np.ix_(train, train)])[-1], int(t.rng.integers(15, 25))
    seeds, rest = c * seed + np.arange(c), np.setdiff1d(np.arange(8), train)
    case, rule = (X, train, given, eta, steps), (mlp, width)
    right = by_networks(*rule, seeds, *case)
    t.close(
        what,
        lambda: network_nfl(mlp, width, seed, *case),
        right,
        rtol=1e-4,
        atol=1e-4,  # float32 networks round at 1e-7 a step
        mistakes={
            "the output at the start is not subtracted: centre the network": (
                lambda: by_networks(*rule, seeds, *case, centred=False)
            ),
            "one network for all modes: row i has the seed len(modes) * seed + i": (
                lambda: by_networks(*rule, 0 * seeds + c * seed, *case)
            ),
            "all networks have the seed `seed`: row i has len(modes) * seed + i": (
                lambda: by_networks(*rule, 0 * seeds + seed, *case)
            ),
            "the seeds are seed + i: row i has len(modes) * seed + i": (
                lambda: by_networks(*rule, seed + np.arange(c), *case)
            ),
            "the seeds begin at 0: seed is ignored": lambda: by_networks(*rule, np.arange(c), *case),
            "one network with an output for each mode: they share their hidden layers; train one network a mode": (
                lambda: by_one_network(mlp, width, seed, *case)
            ),
            "one network with an output for each mode: they share hidden layers": (
                lambda: by_one_network(mlp, width, c * seed, *case)
            ),
            "all points were trained on": lambda: by_networks(*rule, seeds, X, np.arange(8), given, eta, steps),
            "the first n points were trained on": lambda: by_networks(*rule, seeds, X, np.arange(n), given, eta, steps),
            "the loss lacks its 1/n: the steps are n times too large": (
                lambda: by_networks(*rule, seeds, X, train, given, n * eta, steps)
            ),
            "the loss lacks its ½: the steps are twice too large": (
                lambda: by_networks(*rule, seeds, X, train, given, 2 * eta, steps)
            ),
            "the steps are half as large as they should be": (
                lambda: by_networks(*rule, seeds, X, train, given, eta / 2, steps)
            ),
            "only the training points were looked at": lambda: by_networks(*rule, seeds, *case, rows=train),
            "the training points were left out": lambda: by_networks(*rule, seeds, *case, rows=rest),
            "⟨f, f⟩ is missing below": lambda: by_networks(*rule, seeds, *case, power=1.0),
            "the mean over points stands for ⟨f, f⟩": lambda: by_networks(*rule, seeds, *case, power=8.0),
            "one step too many": lambda: by_networks(*rule, seeds, X, train, given, eta, steps + 1),
            "one step too few": lambda: by_networks(*rule, seeds, X, train, given, eta, steps - 1),
            "this is the kernel's share: train networks": lambda: kernel_shares(K, train, given.T),
            "the sum over the targets: return one number for each": right.sum(),
        },
    )
t.close("no step", lambda: network_nfl(mlp, width, seed, X, train, given, eta, 0), np.zeros(c), atol=1e-6)
t.close(
    "one target",
    lambda: network_nfl(mlp, width, seed, X, train, given[:1], eta, steps),
    by_networks(*rule, [seed], X, train, given[:1], eta, steps),
    rtol=1e-4,
    atol=1e-4,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="network_nfl"
# <details><summary>Hint 1 · concept</summary>
#
# Exercise 3 with another predictor: values at the training points in, predictions at all points out, projection. What
# is new: $c$ networks, the start that is subtracted, and the seeds.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $c$ seeds from `c * seed` on. Training inputs `(c, n, d)`: the same `(n, d)` block $c$ times (`np.repeat` along a
# new first axis). Training values `(c, n)`: the columns `train` of `modes`. Outputs at the domain are `(c, M, 1)`;
# drop the last axis, and they have the shape of `modes`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# One call of `train_ensemble` with `device=place`, whose factory is a `lambda` of a seed that calls `from_mlp` with
# `d = domain.shape[1]`; then `.outputs(domain)`, and the last line of exercise 3.
#
# </details>

# %% [markdown]
# ### See it: the budget fills up during training
#
# After $k$ steps of size $\eta$ an infinitely wide network has learned each direction of $K_{DD}$ to a part
# $1 - (1 - \eta\mu_j/n)^k$ (lab 2), so the trace is $\sum_j\bigl[1 - (1 - \eta\mu_j/n)^k\bigr]$: early stopping
# leaves budget unspent, as a ridge does. **Predict, then run**: $n = 6$; how long until half of it is spent, compared
# with the time until 5.9 are?

# %% role="figure" name="filling"
fig, ax = plt.subplots(figsize=(6.4, 3.4))
many = np.geomspace(1, 300, 60)
for name, marker in (("ReLU, 4 hidden", "s"), ("tanh, 1 hidden", "o")):
    train = np.random.default_rng(1).permutation(M)[:6]
    mu = training_spectrum(name, train)
    eta = 6 / mu[-1]  # half of the largest stable step (lab 2)
    counts = np.array([k for k in (1, 3, 10, 30, 100, 300) if k <= 10 * mu[-1] / mu[0]])
    sums = [network_nfl(nets[name], 256, 1, circle, train, modes, eta, k).sum() for k in counts]
    theory = [np.sum(1 - (1 - eta * mu / 6) ** k) for k in many]
    ax.plot(many, theory, styles[name], lw=1.2, label=f"{name}: theory")
    ax.plot(counts, sums, "k" + marker, mfc="white", label="networks of width 256")
    exact = np.array([np.sum(1 - (1 - eta * mu / 6) ** k) for k in counts])
    print(
        f"{name}: largest gap of networks and theory {np.abs(sums - exact).max():.3f}; λmax/λmin {mu[-1] / mu[0]:.0f}"
    )
ax.axhline(6, color="0.5", ls="--", lw=1)
ax.set(xscale="log", xlabel="steps of gradient descent", ylabel="Σ L", ylim=(0, 6.5))
ax.legend(fontsize=8, loc="lower right")
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Total learnability against the number of steps, logarithmic. Two curves of theory rise towards the dashed line at 6, the ReLU network's earlier, the tanh network's slowly; markers of trained networks lie on the curves.](filling.png)
#
# The first units are cheap, the last ones cost a time of order $\lambda_{\max}/\lambda_{\min}$. The networks follow
# the formula at every moment: the sum of all that a *trained network* learns, predicted to a few per cent by the
# eigenvalues of a matrix of 6 × 6.
#
# </details>

# %% [markdown]
# ### Figure 2 of the article
#
# All four architectures, $n = 3$ and $n = 6$ points, ten modes each. For each $n$ and seed a fresh training set, the
# same for every mode, kernel and network. Left bars: your `per_mode_learnability`; right bars: your `network_nfl`,
# trained for $6\,\lambda_{\max}/\lambda_{\min}$ steps. On a GPU: the article's width of 500, and more seeds.

# %% role="gpu" name="fig2-training"
width = networks.pick_size(cpu=256, cuda=500)
seeds = range(networks.pick_size(cpu=3, cuda=20))
bars = {}  # (name, n) -> (kernel, network), each (seeds, modes)
for name, mlp in nets.items():
    for n in (3, 6):
        by_kernel, by_network = [], []
        for seed in seeds:
            train = np.random.default_rng(seed).permutation(M)[:n]
            mu = training_spectrum(name, train)
            eta, steps = n / mu[-1], int(np.ceil(6 * mu[-1] / mu[0]))
            by_kernel.append(per_mode_learnability(circle_kernels[name], train, modes))
            by_network.append(network_nfl(mlp, width, seed, circle, train, modes, eta, steps))
        bars[name, n] = np.array(by_kernel), np.array(by_network)

print(f"width {width} on {place}, {len(seeds)} training sets    kernel: largest |Σ L − n|   networks: mean Σ L, off by")
for (name, n), (by_kernel, by_network) in bars.items():
    off, mean = np.abs(by_kernel.sum(axis=1) - n).max(), by_network.sum(axis=1).mean()
    print(f"{name}, n = {n}: {off:36.0e} {mean:26.3f} {mean / n - 1:+9.1%}")

# %% role="gpu" name="fig2"
shade = [str(0.2 + 0.14 * k) for k in range(6)]
fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.9), width_ratios=(1, 1))
for ax, n in zip(axes, (3, 6), strict=True):
    for place_on_axis, name in enumerate(nets):
        for which, offset in zip(bars[name, n], (-0.2, 0.2), strict=True):
            heights, bottom = which.mean(axis=0), 0.0
            for height, k in zip(heights, frequencies, strict=True):
                ax.bar(place_on_axis + offset, height, 0.36, bottom, color=shade[k], edgecolor="k", lw=0.5)
                bottom += height
    ax.axhline(n, color="k", ls="--", lw=1)
    ax.set(xticks=range(4), xticklabels=[name.replace(", ", ",\n") for name in nets], ylabel="learnability, stacked")
    ax.set(title=f"n = {n}: kernel left, network right", ylim=(0, 1.1 * n))
    ax.grid(axis="x", visible=False)
handles = [plt.Rectangle((0, 0), 1, 1, fc=shade[k], ec="k", lw=0.5) for k in range(6)]
fig.legend(handles, [f"k = {k}" for k in range(6)], loc="outside right center", fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Stacked bars in two panels, n = 3 and n = 6, a pair for each of four architectures, kernel left and network right, shaded from dark for frequency 0 to light for frequency 5. All kernel bars end at the dashed line at n, all network bars within a few per cent of it; within a pair the shares are nearly the same, between architectures they differ.](fig2.png)
#
# The kernel's sums are $n$ to rounding, for every architecture and every training set. The networks' are $n$ within
# 3 per cent, at width 256. And not only the sums: each *share* of a network is close to its kernel's.
#
# </details>

# %% [markdown]
# ### Predicted, then trained
#
# Now the whole chain at once: eigenvalues of a formula → $C$ → learnability of every frequency, **before any
# training**; against kernel regression on all training sets; against networks trained on many random ones. This is
# what the course was for.

# %% role="gpu" name="summit"
trials = networks.pick_size(cpu=40, cuda=200)
panels = (("ReLU, 1 hidden", 3), ("ReLU, 1 hidden", 6), ("tanh, 1 hidden", 3))
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.3), sharey=True)
for ax, (name, n) in zip(axes, panels, strict=True):
    shares = []
    for trial in range(trials):
        train = np.random.default_rng(1000 + trial).permutation(M)[:n]
        mu = training_spectrum(name, train)
        steps = int(np.ceil(6 * mu[-1] / mu[0]))
        learned = network_nfl(nets[name], width, 1000 + trial, circle, train, modes, n / mu[-1], steps)
        shares.append([learned[which].mean() for which in by_frequency])
    mean, error = np.mean(shares, axis=0), np.std(shares, axis=0, ddof=1) / np.sqrt(trials)
    theory, kernel = predicted_shares(name, n), average_shares(name, n)
    ax.plot(range(6), theory, "k-", lw=1, label="λ/(λ + C)")
    ax.plot(range(6), kernel, "k^", mfc="white", ms=8, label="kernel, all training sets")
    ax.errorbar(range(6), mean, 2 * error, fmt="ko", ms=4, capsize=3, label=f"{trials} networks a mode")
    ax.set(xlabel="frequency k", title=f"{name}, n = {n}", ylim=(-0.03, 1.05))
    print(
        f"{name}, n = {n}:  predicted",
        np.round(theory, 2),
        " kernel",
        np.round(kernel, 2),
        " networks",
        np.round(mean, 2),
    )
axes[0].set_ylabel("learnability")
axes[0].legend(fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Three panels of learnability by frequency. For ReLU the prediction's line, the kernel's triangles and the networks' dots with error bars lie together, but for six points and frequencies 3 and 5, where the dots lie below. For tanh dots and triangles lie together, above the line at frequency 0 and below it at frequency 3.](summit.png)
#
# For ReLU a line drawn from six eigenvalues tells how much of each function a trained network will learn. Two kinds
# of gaps are left, and the triangles tell them apart:
#
# - **Line against triangles**, tanh: lab 9's approximation is off by a tenth (ten points, one eigenvalue far above
#   the rest). The networks follow their kernel all the same.
# - **Triangles against dots**, ReLU at $n = 6$, frequencies 3 and 5: finite width. These eigenvalues are a hundredth
#   of the largest one, and training moves the kernel by more than that (lab 4: ReLU's moves most).
#
# Bars: two standard errors over training sets.
#
# </details>

# %% [markdown]
# ### One condition more: the start
#
# S0 writes that a wide network "will always learn" $K(x, D)K(D, D)^{-1}f(D)$ (E28). You centred your networks. Without that
# a network keeps a part of its own beginning, (10.39), and this part is not learned from anything. What does it do to
# the sum?

# %% role="demo" name="not-centred"
name, n, repeats = "ReLU, 4 hidden", 3, 20
train = np.array([0, 3, 7])
mu = training_spectrum(name, train)
for centred in (True, False):
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(nets[name], 2, 128, seed=s),
        range(repeats * M),
        np.repeat(circle[None, train], repeats * M, axis=0),
        np.tile(modes[:, train], (repeats, 1)),  # a network for each of the ten modes, and all that again
        n / mu[-1],
        int(6 * mu[-1] / mu[0]),
        centered=centred,
    )
    shares = np.mean(ensemble.outputs(circle)[:, :, 0].reshape(repeats, M, M) * modes, axis=2)
    mean, spread = shares.sum(axis=1).mean(), shares.sum(axis=1).std(ddof=1)
    print(
        f"{'centred' if centred else 'as they are':12} Σ L = {mean:.2f}, standard deviation {spread:.2f} of {repeats} sums"
    )

# %% [markdown]
# The mean of the sums is still about $n$, since initial outputs have mean 0. A single sum scatters three times as
# much, and a wider network would not mend that: the initial function has the same size at every width. "Always" is
# true of the mean over networks, and of a centred network.

# %% [markdown]
# ## 6 · The bill
#
# Now leave the theory's ground, on two sides. First the price. Kernel regression holds the whole $n\times n$ matrix
# and factorises it: $n^2$ numbers of memory, $n^2$ operations for the kernel, $n^3/3$ for Cholesky's factor. S2 ends
# with it ("at least quadratically"). One step of a network costs only $n$. Measure the exponent, honestly: a
# computer's clock is noisy, and at small $n$ it shows something else than the formula.

# %% [markdown]
# ## Exercise 5 · `cost_exponent`
#
# Difficulty ●●○ · 15 minutes · 3 points
#
# The exponent $p$ of seconds $\propto n^p$, from repeated timings. Two rules, fixed before looking:
#
# 1. Of the repeats at one size take the **least**: whatever disturbs a computation makes it longer, never shorter.
# 2. Fit only the sizes $n \ge \frac14\max n$ (the boundary included): small ones show overhead.
#
# Then $p$ is the least-squares slope of $\log(\text{seconds})$ against $\log n$, over these sizes.
#
# **Equation**: S2, "Some limits of the NTK": the cost grows at least quadratically.
#
# | | | |
# |---|---|---|
# | `ns` | `(k,)` | sizes, all different, in any order |
# | `seconds` | `(k, r)` or `(k,)` | `r` timings at each size, or a single one |
# | returns | a number | $p$ |


# %% role="answer" exercise="cost_exponent"
def cost_exponent(ns, seconds):
    """Exponent p of the least time at each size, fitted to the sizes from a quarter of the largest on: a number."""
    ### BEGIN SOLUTION
    ns = np.asarray(ns, dtype=float)
    least = np.asarray(seconds, dtype=float).reshape(len(ns), -1).min(axis=1)
    large = ns >= ns.max() / 4
    return float(np.polyfit(np.log(ns[large]), np.log(least[large]), 1)[0])
    ### END SOLUTION


# %% role="visible" exercise="cost_exponent"
t = lab.tests("cost_exponent")
ns = np.array([100, 200, 400, 800])
t.close(
    "seconds = 10⁻⁹ n³, timed once",
    lambda: cost_exponent(ns, 1e-9 * ns**3.0),
    3.0,
    rtol=1e-4,
    mistakes={
        "this is 1/p: seconds against n, not n against seconds": 1 / 3,
        "the sign is wrong: the time grows": -3.0,
        "only the seconds are in logarithms: take both": np.polyfit(ns[1:], np.log(1e-9 * ns[1:] ** 3.0), 1)[0],
        "no logarithm was taken": np.polyfit(ns[1:], 1e-9 * ns[1:] ** 3.0, 1)[0],
    },
)
# at 50 and 100 nothing but overhead; least times of 4, 20, 64 from 200 on: log₂ 2, 4.3, 6, least-squares slope 2
sizes = np.array([800, 50, 200, 400, 100])
clock = np.array([[64.0, 90, 70], [4, 4, 4], [9, 5, 4], [24, 48, 20], [4, 5, 4]])


def slope(which, times):
    return np.polyfit(np.log(sizes[which]), np.log(times[which]), 1)[0]


large = sizes >= 200
t.close(
    "overhead below 200, disturbed repeats: 2 by hand",
    lambda: cost_exponent(sizes, clock),
    2.0,
    rtol=1e-4,
    mistakes={
        "all sizes are fitted: leave out those below a quarter of the largest": slope(slice(None), clock.min(1)),
        "the mean of the repeats: disturbances only lengthen, take the least": slope(large, clock.mean(1)),
        "the median of the repeats: take the least": slope(large, np.median(clock, 1)),
        "the longest of the repeats: take the least": slope(large, clock.max(1)),
        "only the first repeat: take the least": slope(large, clock[:, 0]),
        "only the last repeat: take the least": slope(large, clock[:, -1]),
        "all sizes are fitted, to the mean of the repeats": slope(slice(None), clock.mean(1)),
        "the size max/4 itself is left out: n ≥ max/4 includes it": slope(sizes > 200, clock.min(1)),
        "the last entries were taken, not the largest sizes: `ns` is in no order": slope(slice(2, None), clock.min(1)),
        "this is 1/p: seconds against n, not n against seconds": 0.5,
    },
)
t.report()

# %% role="hidden" exercise="cost_exponent" points=3
# Hidden tests: synthetic timings with fresh exponents, overheads and disturbances; single timings; two sizes.
### BEGIN HIDDEN TESTS
t = lab.tests("cost_exponent", hidden=True)
for what, base, repeats in (("five sizes", 64, 3), ("six sizes, many repeats", 50, 6)):
    ns = base * 2 ** np.arange(5 if repeats == 3 else 6)
    p, overhead = t.rng.uniform(1.6, 3.2), t.rng.uniform(1.2, 2)
    exact = 1e-6 * t.rng.uniform(1, 5) * ns**p
    large = ns >= ns[-1] / 4
    least = np.where(large, exact, exact[large][0] * overhead)
    late = 1 + t.rng.uniform(0.1, 1, (len(ns), repeats)) * np.linspace(1, 2, len(ns))[:, None]
    late[:, 0] = 1.0
    order = t.rng.permutation(len(ns))
    ns, least, large = ns[order], least[order], large[order]
    turned = [np.roll(np.sort(row), i) for i, row in enumerate(late)]  # the least one stands elsewhere at every size
    seconds = least[:, None] * np.array(turned)[order]

    def slope(which, times, x=None, y=None):
        """Slope over some sizes, of logarithms where no other numbers are given."""
        return np.polyfit((np.log(ns) if x is None else x)[which], (np.log(times) if y is None else y)[which], 1)[0]

    t.close(
        what,
        lambda: cost_exponent(ns, seconds),
        p,
        rtol=1e-4,
        mistakes={
            "all sizes are fitted: leave out those below a quarter of the largest": slope(slice(None), least),
            "the mean of the repeats: take the least": slope(large, seconds.mean(1)),
            "the median of the repeats: take the least": slope(large, np.median(seconds, 1)),
            "the longest of the repeats: take the least": slope(large, seconds.max(1)),
            "only the first repeat: take the least": slope(large, seconds[:, 0]),
            "only the last repeat: take the least": slope(large, seconds[:, -1]),
            "all sizes are fitted, to the mean of the repeats": slope(slice(None), seconds.mean(1)),
            "only the seconds are in logarithms: take both": slope(large, least, x=ns.astype(float)),
            "no logarithm was taken": slope(large, least, x=ns.astype(float), y=least),
            "this is 1/p: seconds against n": 1 / p,
            "this is 1/p: seconds against n, over all sizes": 1 / slope(slice(None), least),
            "the sign is wrong": -p,
        },
    )
ns = np.array([96.0, 100, 240, 320, 400])  # 100 is a quarter of 400
noisy = ns ** t.rng.uniform(1.5, 3) * t.rng.uniform(0.8, 1.2, 5)
fitted = np.polyfit(np.log(ns[1:]), np.log(noisy[1:]), 1)[0]
t.close(
    "single timings that lie on no line: least squares",
    lambda: cost_exponent(ns, noisy),
    fitted,
    rtol=1e-4,
    mistakes={
        "the first and the last size alone decide: fit all the large ones": np.log(noisy[-1] / noisy[1]) / np.log(4),
        "the last two sizes alone decide: fit all the large ones": np.log(noisy[-1] / noisy[-2]) / np.log(1.25),
        "all sizes are fitted": np.polyfit(np.log(ns), np.log(noisy), 1)[0],
        "the size max/4 itself is left out": np.polyfit(np.log(ns[2:]), np.log(noisy[2:]), 1)[0],
    },
)
p = t.rng.uniform(1.5, 3)
t.close("two sizes", lambda: cost_exponent(np.array([30, 70]), np.array([30.0, 70.0]) ** p), p, rtol=1e-4)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="cost_exponent"
# <details><summary>Hint 1 · concept</summary>
#
# A power law is a straight line in double logarithms. Before you fit: which timings are honest, and which sizes?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# `seconds` with two axes: the minimum along the second, `(k,)`. A mask `(k,)` of the sizes that are at least a
# quarter of the largest. Least squares of $\log s$ on $\log n$ under the mask; the slope is $p$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.reshape(seconds, (len(ns), -1))` serves both shapes. `np.polyfit(x, y, 1)` returns slope and intercept, in this
# order. The base of the logarithm does not matter.
#
# </details>

# %% [markdown]
# ### See it: seconds
#
# Three repeats at each size, kernel and solution timed apart. **Predict, then run**: the exponents of the two parts;
# and how long 100,000 examples would take on your machine.

# %% role="figure" name="cost"
cost_sizes = np.array([96, 192, 384, 768, 1536, 3072])
inputs = datasets.sphere(3072 + 100, 10, rng=0, radius=np.sqrt(10))
values, cost_mlp = inputs[:, 0] * inputs[:, 1], MLP(1, "relu", C_b=0.1)
clock = np.zeros((3, len(cost_sizes), 3))  # kernel, solution, both
for row, n in enumerate(cost_sizes):
    for repeat in range(3):
        begin = perf_counter()
        K_train, K_test = kernels.ntk(inputs[:n], mlp=cost_mlp), kernels.ntk(inputs[3072:], inputs[:n], mlp=cost_mlp)
        middle = perf_counter()
        regression.kernel_regression(K_train, K_test, values[:n])
        clock[:, row, repeat] = middle - begin, perf_counter() - middle, perf_counter() - begin
fig, ax = plt.subplots(figsize=(6.4, 3.6))
for part, style, name in zip(clock, ("k:^", "k--s", "k-o"), ("kernel", "solution", "both"), strict=True):
    ax.plot(
        cost_sizes,
        part.min(axis=1),
        style,
        mfc="white",
        label=f"{name}: exponent {cost_exponent(cost_sizes, part):.2f}",
    )
ax.axvspan(768, 3300, color="0.92", zorder=0)
ax.set(xscale="log", yscale="log", xlabel="training points n (grey: fitted)", ylabel="seconds", xticks=cost_sizes)
ax.set_xticklabels([f"{n:,}" for n in cost_sizes])
ax.minorticks_off()
ax.legend(fontsize=8)
plt.show()
longest = clock[1, -1].min() * (1e5 / 3072) ** 3
print(f"exponent of exact NTK regression here: {cost_exponent(cost_sizes, clock[2]):.2f}")
print(
    f"100,000 examples: the kernel alone holds {8 * 1e10 / 1e9:.0f} GB; the solution takes about {longest / 3600:.1f} hours"
)

# %% [markdown]
# <details><summary>What happened, and the expected picture (another machine gives other times)</summary>
#
# ![Seconds against the number of training points, both axes logarithmic, for the kernel, the solution and both. The solution's line is the steepest: it begins below the kernel's and ends above it, and both together bend upwards.](cost.png)
#
# The solution is on its way to exponent 3, the kernel to 2, and their sum lies between: the exponent that you measure
# at a few thousand points is not yet the one that you will pay at a hundred thousand. (Several threads flatten the
# curve at these sizes further.) The memory of the matrix, $8n^2$ bytes, ends it before the time does.
#
# </details>

# %% [markdown]
# ## 7 · Where the theory stops
#
# "NTK analysis essentially freezes the features at initialization. This removes a fundamental property of neural
# networks in the wild" (S2). S1 ends its chapter likewise: to go beyond kernel methods, networks must *learn* useful
# features. So: a task where that pays.
#
# Inputs are corners of the cube $\{-1, 1\}^{30}$, the target is $y = x_1x_2$, $n = 500$ examples. There are
# $\binom{30}{2} = 435$ products of two coordinates, all with the *same* eigenvalue (lab 9), and a budget of 500 must
# serve them all, and the constant and the 30 coordinates first. The kernel cannot know that only one of them is
# wanted. A network could find out: its first layer could turn to $x_1$ and $x_2$.
#
# How far does it turn? In the lazy regime, hardly. The dial is the **output scale** $\alpha$. Let the predictor be
#
# $$f(x) = \alpha\,\bigl[h(x) - h_0(x)\bigr],$$
#
# $h$ the network, $h_0$ its output before training, and train with steps $\eta/\alpha^2$. In the linear model the factor
# is invisible: outputs move by $-\frac1n\frac{\eta}{\alpha^2}\,\alpha^2\,\Theta\,(f - y)$, whatever $\alpha$. But for
# $f$ to reach 1, $h$ must move by $1/\alpha$: a **small** $\alpha$ forces the weights to travel far, out of the region
# where the network is linear. Lab 2 saw the other end: large $\alpha$ is lazy.

# %% [markdown]
# ## Exercise 6 · `feature_learning_gap`
#
# Difficulty ●●● · 30 minutes · 4 points
#
# One network with output scale **α = 0.1**, and its own kernel, on the same data.
#
# - **Network**: `networks.NTKNet(d, width, seed=seed)`: one hidden ReLU layer, no biases. Predictor
#   $f = \alpha\,(h - h_0)$, full-batch descent on $\frac1{2n}\sum_i(f(x_i) - y_i)^2$, `steps` steps of size
#   $\eta/\alpha^2$.
# - **Kernel**: kernel regression with the network's kernel at infinite width, `kernels.ntk(..., mlp=net.mlp)`, no
#   ridge, from 0. (A factor $\alpha^2$ on the kernel would cancel.)
#
# **Equation**: (10.40) for the kernel; the predictor above for the network.
#
# | | | |
# |---|---|---|
# | `X`, `y` | `(n, d)`, `(n,)` | training data |
# | `X_test`, `y_test` | `(m, d)`, `(m,)` | test data |
# | `width`, `eta`, `steps`, `seed` | numbers | of the network |
# | returns | dict | `"network"` and `"kernel"`: the mean over the test points of the squared error, without ½ |
#
# `train_ensemble` knows no output scale, but you need none: write the descent on $f$ as a descent on $h - h_0$. What
# are its targets and its step?


# %% role="answer" exercise="feature_learning_gap"
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    """Test errors {"network", "kernel"} of a network with output scale 0.1 and of its infinite-width kernel."""
    ### BEGIN SOLUTION
    scale = 0.1
    net = networks.NTKNet(X.shape[1], width, seed=seed)
    # descent on scale (h - h0) with eta / scale² is descent on h - h0 towards y / scale with eta
    ensemble = networks.train_ensemble(lambda _: net, [seed], X, y / scale, eta, steps, device=place)
    by_network = scale * ensemble.outputs(X_test)[0, :, 0]
    K_train, K_test = kernels.ntk(X, mlp=net.mlp), kernels.ntk(X_test, X, mlp=net.mlp)
    by_kernel = regression.kernel_regression(K_train, K_test, y)
    predictions = {"network": by_network, "kernel": by_kernel}
    return {name: float(np.mean((guess - y_test) ** 2)) for name, guess in predictions.items()}
    ### END SOLUTION


# %% role="visible" exercise="feature_learning_gap"
t = lab.tests("feature_learning_gap")
one_x, one_y = np.array([[3.0, 4]]), np.array([6.0])  # one training point, of length 5
ray_x, ray_y = np.array([[6.0, 8], [-3, -4], [-4, 3]]), np.array([10.0, 2, 1])
guesses = np.array([12, 0, 6 / (2 * np.pi)])  # κ(1) = 1, κ(-1) = 0, κ(0) = 1/2π of lab 3, times lengths


def by_one_point(kernel, mlp):
    """Test error of regression on the one point with another kernel."""
    net = networks.NTKNet(2, 4, seed=0)
    K, K_test = (kernel(net, A, one_x) if mlp is None else kernel(A, one_x, mlp=mlp) for A in (one_x, ray_x))
    return np.mean((K_test[:, 0] / K[0, 0] * one_y - ray_y) ** 2)


t.holds(
    "a dict with the two names",
    lambda: set(feature_learning_gap(one_x, one_y, ray_x, ray_y, 4, 0.01, 1, 0)) == {"network", "kernel"},
    'return a dict with the keys "network" and "kernel"',
)
t.close(
    "the kernel, from one training point: its values on the ray, opposite, and at a right angle are 2, 0 and 1/2π",
    lambda: feature_learning_gap(one_x, one_y, ray_x, ray_y, 4, 0.01, 0, 0)["kernel"],
    np.mean((guesses - ray_y) ** 2),
    rtol=1e-5,  # kernels in float32 are good to 1e-6
    mistakes={
        "the two names are exchanged": 35.0,
        "the root of the error: return the mean square": np.sqrt(np.mean((guesses - ray_y) ** 2)),
        "there is a ½: return the mean square as it is": np.mean((guesses - ray_y) ** 2) / 2,
        "this is a sum over the test points: return the mean": np.sum((guesses - ray_y) ** 2),
        "this counts wrong signs: return the mean square": 1 / 3,
        "the error on the training points: predict the test points": 0.0,
        "K (nngp) in place of Θ (ntk): the last layer alone would be trained": (
            np.mean((np.array([12, 0, 6 / np.pi]) - ray_y) ** 2)
        ),
        "the kernel learned y/α, and α was not put back: it needs no output scale": (
            np.mean((10 * guesses - ray_y) ** 2)
        ),
        "the kernel's prediction is multiplied by α: it needs no output scale": np.mean((guesses / 10 - ray_y) ** 2),
        "a kernel with biases: this network has none": lambda: by_one_point(kernels.ntk, MLP(1, "relu", C_b=0.1)),
        "this network's own random kernel: take the formula for infinite width": (
            lambda: by_one_point(empirical.empirical_ntk, None)
        ),
        "there is a ridge of 0.001: this kernel has none": np.mean((guesses * 50 / 50.001 - ray_y) ** 2),
        "there is a ridge of 0.01: this kernel has none": np.mean((guesses * 50 / 50.01 - ray_y) ** 2),
        "there is a ridge of 0.1: this kernel has none": np.mean((guesses * 50 / 50.1 - ray_y) ** 2),
    },
)
t.close(
    "no step: f = α (h − h₀) is 0",
    lambda: feature_learning_gap(one_x, one_y, ray_x, ray_y, 4, 0.01, 0, 0)["network"],
    35.0,
    rtol=1e-5,
    mistakes={
        "the two names are exchanged": np.mean((guesses - ray_y) ** 2),
        "the root of the error: return the mean square": np.sqrt(35.0),
        "there is a ½: return the mean square as it is": 17.5,
        "this counts wrong signs: return the mean square": 1.0,
        "the error on the training points: predict the test points": 36.0,
        "the output at the start is not subtracted": lambda: np.mean(
            (0.1 * networks.NTKNet(2, 4, seed=0)(ray_x)[:, 0] - ray_y) ** 2
        ),
    },
)
some_x = np.array([[1.0, -1, 0.5], [0.3, 1, -1], [-1, 0.2, 0.8], [0.5, 0.5, 1]])
some_y, new_x, new_y = np.array([1.0, -2, 0.5, 1]), np.array([[1.0, 0.4, -0.3], [-0.6, 1, 1]]), np.array([0.7, -0.4])


def after_one_step(step, alpha=0.1, out=None, tested=(new_x, new_y), seed=9):
    """Test error after one step of a narrow network, the gradient by hand, on h - h0 towards y / alpha."""
    W, a = (p.detach().numpy().astype(float) for p in networks.NTKNet(3, 5, seed=seed).parameters())
    inner, outer = np.sqrt(2 / 3), np.sqrt(2 / 5)
    hidden = np.maximum(inner * some_x @ W.T, 0)
    pull = step * outer * some_y / alpha / len(some_y)
    W_new = W + inner * (pull[:, None] * a * (hidden > 0)).T @ some_x
    layers = (W_new, a[0] + pull @ hidden), (W, a[0])
    after, before = (outer * np.maximum(inner * tested[0] @ w.T, 0) @ v for w, v in layers)
    return np.mean(((alpha if out is None else out) * (after - before) - tested[1]) ** 2)


t.close(
    "one step of a network of width 5, by hand",
    lambda: feature_learning_gap(some_x, some_y, new_x, new_y, 5, 0.05, 1, 9)["network"],
    after_one_step(0.05),
    rtol=1e-4,  # float32 networks round at 1e-6
    mistakes={
        "the output scale is 1: with α = 0.1 the weights have to travel ten times as far": after_one_step(0.05, 1.0),
        "the step is η where η/α² belongs: the network hardly moves": after_one_step(0.05 * 0.01),
        "the step is η/α where η/α² belongs, or the targets are y where y/α belongs": after_one_step(0.05 * 0.1),
        "the step is η/α² on top of targets y/α: that counts α twice": after_one_step(0.05 / 0.01),
        "the network learned y/α and its output was not multiplied by α": after_one_step(0.05, out=1.0),
        "the error on the training points: predict the test points": after_one_step(0.05, tested=(some_x, some_y)),
        "the root of the error: return the mean square": after_one_step(0.05) ** 0.5,
        "there is a ½: return the mean square as it is": after_one_step(0.05) / 2,
        "the loss lacks its 1/n: the step is n times too large": after_one_step(0.2),
        "the loss lacks its ½: the step is twice too large": after_one_step(0.1),
        "the seed is ignored": after_one_step(0.05, seed=0),
    },
)
t.report()

# %% role="hidden" exercise="feature_learning_gap" points=4
# Hidden tests: fresh data, targets, widths, steps and seeds.
### BEGIN HIDDEN TESTS
t = lab.tests("feature_learning_gap", hidden=True)


def square(guess, truth):
    return float(np.mean((guess - truth) ** 2))


def wrong_signs(guess, truth):
    return float(np.mean(np.sign(guess) != np.sign(truth)))


def by_network(data, width, eta, steps, seed, target=0.1, out=0.1, centred=True, tested=None, measure=square):
    """Test error of the network trained towards y / target with steps eta, its output times `out`."""
    X, y, X_test, y_test = data
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet(X.shape[1], width, seed=s), [seed], X, y / target, eta, steps, centered=centred
    )
    Z, truth = (X_test, y_test) if tested is None else tested
    return measure(out * ensemble.outputs(Z)[0, :, 0], truth)


def by_kernel(data, kernel=kernels.ntk, ridge=0.0, own=None, measure=square, **settings):
    X, y, X_test, y_test = data
    mlp = MLP(1, "relu", **settings)
    K, K_test = (empirical.empirical_ntk(own, A, X) if own else kernel(A, X, mlp=mlp) for A in (X, X_test))
    return measure(regression.kernel_regression(K, K_test, y, ridge), y_test)


for what, n, d, width in (("ten points", 10, 4, 40), ("more points", 16, 6, 30)):
    X, X_test = t.rng.standard_normal((n, d)), t.rng.standard_normal((12, d))
    weights = t.rng.standard_normal(d)
    y, y_test = (A[:, 0] * A[:, 1] + 0.5 * A @ weights for A in (X, X_test))
    data, seed, steps = (X, y, X_test, y_test), int(t.rng.integers(2, 10**6)), int(t.rng.integers(8, 14))
    eta = t.rng.uniform(0.04, 0.06)
    rule, answer = (data, width, eta, steps, seed), {}

    def asked(name, *, answer=answer, call=(*data, width, eta, steps, seed)):
        """One entry of the dict; the exercise is called once."""
        if not answer:
            answer.update(feature_learning_gap(*call))
        return answer[name]

    exact = by_network(*rule)
    t.close(
        f"{what}: the network",
        lambda: asked("network"),
        exact,
        rtol=1e-4,
        mistakes={
            "the output scale is 1": lambda: by_network(*rule, target=1.0, out=1.0),
            "the step is η where η/α² belongs": lambda: by_network(data, width, 0.01 * eta, steps, seed),
            "the step is η/α where η/α² belongs": lambda: by_network(data, width, 0.1 * eta, steps, seed),
            "the network learned y/α and its output was not multiplied by α": lambda: by_network(*rule, out=1.0),
            "the targets are y where y/α belongs": lambda: by_network(*rule, target=1.0),
            "the output at the start is not subtracted": lambda: by_network(*rule, centred=False),
            "the error on the training points": lambda: by_network(*rule, tested=(X, y)),
            "the root of the error: return the mean square": exact**0.5,
            "there is a ½: return the mean square as it is": exact / 2,
            "the seed is ignored": lambda: by_network(data, width, eta, steps, 0),
            "one step too many": lambda: by_network(data, width, eta, steps + 1, seed),
            "one step too few": lambda: by_network(data, width, eta, steps - 1, seed),
            "the two names are exchanged": lambda: by_kernel(data),
            "this counts wrong signs: return the mean square": lambda: by_network(*rule, measure=wrong_signs),
        },
    )
    exact_kernel = by_kernel(data)
    t.close(
        f"{what}: the kernel",
        lambda: asked("kernel"),
        exact_kernel,
        rtol=1e-4,
        mistakes={
            "K (nngp) in place of Θ (ntk)": lambda: by_kernel(data, kernels.nngp),
            "a kernel with biases: this network has none": lambda: by_kernel(data, C_b=0.1),
            "a kernel with biases of variance 1: this network has none": lambda: by_kernel(data, C_b=1.0),
            "the root of the error: return the mean square": exact_kernel**0.5,
            "there is a ½: return the mean square as it is": exact_kernel / 2,
            "this network's own random kernel: take the formula for infinite width": (
                lambda: by_kernel(data, own=networks.NTKNet(d, width, seed=seed))
            ),
            "there is a ridge of 0.001: this kernel has none": lambda: by_kernel(data, ridge=1e-3),
            "there is a ridge of 0.01: this kernel has none": lambda: by_kernel(data, ridge=1e-2),
            "there is a ridge of 0.1: this kernel has none": lambda: by_kernel(data, ridge=0.1),
            "the error on the training points": 0.0,
            "the two names are exchanged": exact,
            "this counts wrong signs: return the mean square": lambda: by_kernel(data, measure=wrong_signs),
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="feature_learning_gap"
# <details><summary>Hint 1 · concept</summary>
#
# Write $g = h - h_0$. The loss of $f = \alpha g$ is $\frac1{2n}\sum(\alpha g - y)^2 = \alpha^2\cdot\frac1{2n}\sum(g -
# y/\alpha)^2$. What does the factor $\alpha^2$ do to a gradient, and what was the step?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Steps $\eta/\alpha^2$ on the loss of $f$ are steps $\eta$ on the loss of $g$ with targets $y/\alpha$. So train a
# centred network on `(X, y / 0.1)` with `eta` itself; its outputs at `X_test`, `(1, m, 1)`, times 0.1 are $f$. The
# kernel sees none of this: `(n, n)`, `(m, n)`, targets $y$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `train_ensemble` with a factory that makes the network, a list of one seed, and `device=place`; it centres by
# itself. For the kernel, `net.mlp`, `kernels.ntk` twice and `regression.kernel_regression`. Two means of squares into
# a dict, as floats.
#
# </details>

# %% [markdown]
# ### See it: who beats whom
#
# Your function has α = 0.1 built in, but the target's size is yours. Only the ratio matters: hand it $c\,y$ in place
# of $y$ and divide the errors by $c^2$, and the network is one of scale $\alpha = 0.1/c$. (The kernel is linear in $y$;
# its relative error cannot change. This is a test of laziness that needs no theory at all.)
#
# Five tasks, two data sets each, width 256. **Predict, then run**: for each, who wins?
#
# 1. $x_1x_2$, $d = 30$, $n = 500$, α = 0.1.
# 2. The same, α = 1.
# 3. The single coordinate $x_1$, α = 0.1.
# 4. The parity $x_1x_2x_3$, $d = 20$, $n = 400$, α = 0.1.
# 5. The same with a column of ones beside the inputs.


# %% role="figure" name="tasks"
def task(k, d, n, seed, ones=False):
    """Training and test data: the parity of the first k of d coordinates, as (X, y, X_test, y_test)."""
    X, Z = datasets.cube_sample(n, d, rng=seed), datasets.cube_sample(1000, d, rng=100 + seed)
    y, y_test = datasets.parity(X, k), datasets.parity(Z, k)
    if ones:
        X, Z = (np.column_stack([A, np.ones(len(A))]) for A in (X, Z))
    return X, y, Z, y_test


def relative_gap(data, alpha, width, steps, seed):
    """Errors (network, kernel) relative to the target's power, for the output scale alpha."""
    X, y, Z, y_test = data
    c = 0.1 / alpha
    gap = feature_learning_gap(X, c * y, Z, c * y_test, width, 0.9, steps, seed)
    return gap["network"] / c**2, gap["kernel"] / c**2


tasks = {
    "x₁x₂\nα = 0.1": ((2, 30, 500), 0.1, False),
    "x₁x₂\nα = 1": ((2, 30, 500), 1.0, False),
    "x₁\nα = 0.1": ((1, 30, 500), 0.1, False),
    "x₁x₂x₃\nα = 0.1": ((3, 20, 400), 0.1, False),
    "x₁x₂x₃, ones\nα = 0.1": ((3, 20, 400), 0.1, True),
}
fig, ax = plt.subplots(figsize=(8.4, 3.8))
for place_on_axis, (name, (sizes, alpha, ones)) in enumerate(tasks.items()):
    errors = np.array([relative_gap(task(*sizes, seed, ones), alpha, 256, 800, seed) for seed in range(2)])
    for column, (marker, fill, offset) in enumerate((("o", "k", -0.1), ("^", "white", 0.1))):
        label = ("network", "kernel")[column] if place_on_axis == 0 else None
        ax.plot(np.full(2, place_on_axis + offset), errors[:, column], "k" + marker, mfc=fill, ms=8, label=label)
    print(f"{name.replace(chr(10), ', '):22} network", np.round(errors[:, 0], 4), " kernel", np.round(errors[:, 1], 4))
ax.axhline(1, color="0.5", ls="--", lw=1)
ax.annotate("as good as predicting 0", (-0.4, 1), (0, 3), textcoords="offset points", fontsize=8)
ax.set(
    xticks=range(5), xticklabels=list(tasks), yscale="log", ylabel="test error / power of the target", ylim=(3e-4, 4)
)
ax.legend(loc="lower right", fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Test errors, logarithmic, of networks as dots and kernels as triangles on five tasks, two data sets each. On the product of two coordinates at scale 0.1 the network lies ten times or more below the kernel, at scale 1 near it; on the single coordinate the kernel lies below the network; on the product of three both lie above the dashed line at 1; with a column of ones the network lies below 1 and the kernel above.](tasks.png)
#
# 1. **The network wins**, by a factor of more than ten. It learned which two of thirty coordinates matter.
# 2. **Hardly a gap at scale 1.** Same network, same data, same steps: only the distance that the weights travel is
#    different.
# 3. **The kernel wins** on $x_1$: its budget goes to the 30 coordinates first, nothing has to be discovered, and it
#    has no random finite-width noise.
# 4. **Nobody learns the parity of three**: both are worse than predicting 0. The reason is not subtle. Since
#    $\sigma(z) - \sigma(-z) = z$, the odd part of a network without biases and with one hidden layer is a *linear*
#    function of $x$, before and after training, at any width; and $x_1x_2x_3$ is odd. (From the other side: this
#    kernel's eigenvalue at level 3 is 0.)
# 5. A column of ones is a bias. Now the parity of three can be represented, and the network, at scale 0.1, learns a
#    part of it where the kernel learns nothing.
#
# So feature learning is no magic: it helps where the target hides in few directions, the network can express it, and
# the weights are made to travel. Where the kernel's favourite functions are the right ones already, it costs.
#
# </details>

# %% [markdown]
# ### What did it learn?
#
# Look into the first task's network. If its features changed, then its *own* tangent kernel did, and kernel
# regression with the kernel **after** training must show it.

# %% role="demo" name="inside"
X, y, Z, y_test = task(2, 30, 500, 0)
print("test error of kernel regression with the network's own tangent kernel; share of first-layer weight² on x₁, x₂")
for alpha in (0.1, 1.0):
    ensemble = networks.train_ensemble(lambda s: networks.NTKNet(30, 256, seed=s), [0], X, y / alpha, 0.9, 1000)
    for moment, net in (("before", ensemble.start_nets[0]), ("after", ensemble.nets[0])):
        own = empirical.empirical_ntk(net, np.vstack([X, Z]), X)
        error = np.mean((regression.kernel_regression(own[:500], own[500:], y) - y_test) ** 2)
        W = net.W1.detach().numpy()
        print(
            f"scale {alpha:3}, {moment:6} training: error {error:.4f}   share {np.sum(W[:, :2] ** 2) / np.sum(W**2):.3f}"
        )
    drift = empirical.kernel_drift(ensemble.start_nets[0], ensemble.nets[0], X[:200])
    print(f"scale {alpha:3}: the tangent kernel has moved by {drift:.2f} of its norm")

# %% [markdown]
# <details><summary>What happened (open after running)</summary>
#
# At scale 0.1 the kernel after training has an error more than a hundred times smaller than the one before: the
# network built the kernel that this task needs. Two of thirty coordinates hold 7 per cent of the squared weights at the start (2/30), and a
# quarter at the end. As a kernel it has 500 units like any other. But the labels have chosen on what. **That choice
# is what the theory of this course leaves out.**
#
# At scale 1 the kernel moves by a seventh of its norm, and even that helps.
#
# </details>

# %% [markdown]
# ### The law, broken
#
# Read the proof of section 2 again. It needs one thing: $\hat f = Tf$, with a matrix $T$ that does not know the
# target. A network that builds its features from the labels is no such $T$. Does it keep the budget anyway?
#
# You need not train a network for every function. All coordinates are alike to it, so on average every product
# $x_ix_j$ has the learnability $\mathcal L$ of $x_1x_2$. And the test error bounds it: with relative error $E$, by Cauchy
# and Schwarz,
#
# $$1 - \mathcal L = \frac{\langle f, f - \hat f\rangle}{\langle f, f\rangle} \le \sqrt E, \qquad\text{so all products of two
#   together hold at least}\quad \binom d2\bigl(1 - \sqrt E\bigr) \quad\text{units.}$$
#
# A kernel that treats coordinates alike has the products among its eigenfunctions, and the share of an eigenfunction,
# $\propto\lambda_i\,\phi_i(D)^\top K_{DD}^{-1}\phi_i(D)$, is never negative. So with such a kernel these units cannot
# be more than $n$. **Predict, then run**: $n = 500$, α = 0.03, width 64, $d$ from 30 to 60.

# %% role="figure" name="broken"
dims, n = np.array([30, 40, 50, 60]), 500
pairs = dims * (dims - 1) // 2
at_least, by_kernel = [], []
for d, count in zip(dims, pairs, strict=True):
    errors = np.array([relative_gap(task(2, int(d), n, seed), 0.03, 64, 400, seed)[0] for seed in range(3)])
    at_least.append(count * (1 - np.sqrt(errors)))
    profile = spectra.profile_of(lambda A, B: kernels.ntk(A, B, mlp=MLP(1, "relu")), int(d))
    by_kernel.append(count * learnability.learnabilities(spectra.hypercube(profile, int(d)), n)[2])
    print(
        f"d = {d}: {count:5} products; network at least", np.round(at_least[-1]), f"units; kernel {by_kernel[-1]:.0f}"
    )
fig, ax = plt.subplots(figsize=(6.4, 3.6))
ax.plot(dims, pairs, color="0.6", lw=1, label="number of products")
ax.plot(np.repeat(dims, 3), np.ravel(at_least), "ko", ms=5, label="network, at least")
ax.axhline(n, color="k", ls="--", lw=1, label="examples, n")
ax.plot(dims, by_kernel, "k-^", mfc="white", lw=1, label="kernel, by lab 9")
ax.set(xlabel="dimension d", ylabel="units on products of two", ylim=(0, 1850), xticks=dims)
ax.legend(fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Units spent on products of two coordinates, against the dimension from 30 to 60. The number of products rises from 435 to 1,770; the network's dots rise with it and pass the dashed line of 500 examples between 30 and 40; the kernel's triangles stay near 300.](broken.png)
#
# In 60 dimensions 500 examples hold more than 1,200 units, on products of two alone; the kernel spends 296 on them.
# **The budget of $n$ is a law for learners that are linear in the target.** S0 says so in the theorem's name
# ("for kernel regression"), and finds that networks keep it approximately, on the circle: lazy ones, you may now add.
#
# The classical no-free-lunch theorem is safe. It averages over *all* targets, and nearly all of them are no product
# of few coordinates; on a target drawn by coin flips the network learns nothing about new points either.
#
# </details>

# %% [markdown]
# ### Which number decides?
#
# The output must move by $1/\alpha$, and $m$ hidden units share the work. In the NTK parameterisation the output
# changes by order 1 when every weight moves by $1/\sqrt m$. So each weight has to move by about $1/(\alpha\sqrt m)$,
# and $\alpha\sqrt m$ should decide: small is feature learning, large is lazy, whether through $\alpha$ or through $m$.
# **Predict, then run**: errors at several widths against $\alpha\sqrt m$. Do they fall on one curve? Where does the
# curve end on the right?

# %% role="gpu" name="which-number"
widths = networks.pick_size(cpu=(64, 256), cuda=(64, 256, 1024, 4096, 16384))
alphas = (0.03, 0.1, 0.3, 1.0, 3.0)
data = task(2, 30, 500, 0)
fig, ax = plt.subplots(figsize=(6.6, 3.7))
for width, marker in zip(widths, "os^Dv", strict=False):
    errors = [relative_gap(data, alpha, width, 500 if alpha < 0.2 else 1500, seed=0) for alpha in alphas]
    place_on_axis = np.array(alphas) * np.sqrt(width)
    ax.plot(place_on_axis, [network for network, _ in errors], "k" + marker, mfc="white", label=f"width {width:,}")
    print(
        f"width {width:6,}: α√m",
        np.round(place_on_axis, 1),
        " network",
        np.round([network for network, _ in errors], 3),
    )
ax.axhline(errors[0][1], color="k", ls="--", lw=1, label="kernel, infinite width")
ax.set(xscale="log", yscale="log", xlabel="α √m", ylabel="test error, x₁x₂")
ax.legend(fontsize=8)
plt.show()
print(f"kernel {errors[0][1]:.3f}, on {place}")

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Test error against alpha times the root of the width, both axes logarithmic. Points of two widths fall near one rising curve, from below 0.01 at the left to the dashed line of the kernel at the right, and above it.](which-number.png)
#
# One curve, nearly, from feature learning to lazy training. To the right it reaches the kernel, or ends above it: a
# *narrow* lazy network has a noisy kernel of its own (error 0.35 before training, in "What did it learn?"). "Infinitely wide networks are kernels" is a
# statement about $\alpha\sqrt m\to\infty$; at fixed width the same network is a kernel or not, as you set one number
# that appears in no data set.
#
# </details>

# %% [markdown]
# ## 8 · Check yourself
#
# No points. Choose, and read what comes back.

# %% role="quiz" name="zero-sum"
lab.quiz(
    "Two kernels, the same 100 distinct training points, no ridge, both kernels nonsingular. Kernel A has learnability 0.9 on your target, kernel B 0.4. Which is true?",
    {
        "A learns more than B": "More of *your* target. Over a full basis both learn exactly 100 units.",
        "B learns some other function better than A": (
            "Right: the sums over a basis that holds your target are equal, so what A has more on it, B has more on the rest."
        ),
        "A is the better kernel": "For this target. Averaged over all targets no kernel is better than another.",
        "One of the numbers must be wrong": "They differ because the kernels share out the same budget differently.",
    },
    right="B learns some other function better than A",
)

# %% role="quiz" name="missing-units"
lab.quiz(
    "Exact kernel regression on 50 training points, and your nfl_sum says 41.3. Which of these cannot be the reason, alone?",
    {
        "A ridge": "It can: every eigenvalue counts μ/(μ + δ) < 1, and the sum need not be whole.",
        "Repeated points, without a ridge": (
            "Right: without a ridge the sum is a rank, a whole number. Nine repeats would give 41, not 41.3."
        ),
        "Only 45 features, and a ridge": "It can: at most 45 positive eigenvalues, and each counts in part.",
        "Repeated points, and a ridge": "It can: the repeats bring eigenvalues of 0, and the ridge takes a part of the others.",
    },
    right="Repeated points, without a ridge",
)

# %% role="quiz" name="always"
lab.quiz(
    "Someone trains a single wide network, not centred, on each of ten modes and finds Σ L = 3.4 at n = 3. Is the theorem refuted?",
    {
        "Yes: the sum must be 3 for every architecture": "For kernel regression from zero. A network that is not centred adds what is left of its start.",
        "No: a network keeps a part of its initial function, and projections of that are in the sum": (
            "Right: f₀(x) − K(x, D)K(D, D)⁻¹f₀(D) has nothing to do with the target; it averages to 0 over networks, and is gone for a centred one."
        ),
        "No: the sum is n only for infinitely many points": "It is exact for every training set of a finite domain: nothing is averaged.",
        "No: the network was not wide enough": "The leftover of the start does not shrink with the width: f₀ has the same variance at every width.",
    },
    right="No: a network keeps a part of its initial function, and projections of that are in the sum",
)

# %% role="quiz" name="dial"
lab.quiz(
    "A network of width 256 with output scale 0.1 beats its kernel on x₁x₂. A colleague makes it 100 times as wide, same scale, and trains as long as it takes. Most likely",
    {
        "the gap grows: wider networks learn better features": "Each of the many units has to move less. Features change less.",
        "the gap shrinks: α√m is ten times larger": "Right: from 1.6 to 16. To keep the features moving, α has to fall like 1/√m.",
        "nothing changes: the output scale is the same": "The scale of the output is, but the work is shared by a hundred times as many weights.",
        "it diverges": "The step limit is that of the kernel, which hardly depends on the width.",
    },
    right="the gap shrinks: α√m is ten times larger",
)

# %% role="quiz" name="which-step"
lab.quiz(
    "In 60 dimensions a network held more than 1,200 units from 500 examples. Which step of the proof in section 2 does not hold for it?",
    {
        "A trace does not depend on the basis": "That is true of every matrix.",
        "f̂ = T f with one matrix T for all targets": (
            "Right: its features depend on the labels, so every target has a T of its own, and there is no trace to compute."
        ),
        "K_DD is nonsingular": "A singular K_DD would lower the sum. It cannot raise it.",
        "The training points are distinct": "They are, almost surely. And repeats would lower the sum.",
    },
    right="f̂ = T f with one matrix T for all targets",
)

# %% [markdown]
# ## 9 · Two questions marked by hand
#
# ### Question A · what the theory leaves out
#
# 3 points, about 20 minutes. An essay of at most one page (300 words) for a fellow student who has taken no part in
# this course, under the title *What we can predict about neural networks, and what we cannot*.
#
# 1. What can be predicted, from what, and how well? With **two numbers of your own** from this lab or an earlier one,
#    and the conditions under which they hold.
# 2. **Three** things that this theory leaves out or gets wrong. For each: what you measured or what in the theory's
#    assumptions shows it. At least one must be your own measurement.
# 3. One experiment that would make you change your mind about one of your sentences: what would you measure, and
#    which outcome would refute you?

# %% [markdown] role="written" exercise="what-is-left-out" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. For squared error, wide networks (or small weight travel, $\alpha\sqrt m$ large) and centred outputs, the trained
#    network is kernel regression with a kernel that depends on the architecture alone. From the kernel's eigenvalues
#    one number $C$ follows, and with it what share of every eigenfunction is learned from $n$ examples, before
#    training. Measured: on the circle, ReLU, one hidden layer, $n = 3$: predicted 0.70 for frequency 0, networks
#    0.68; total learnability of networks of width 256 within 3 % of $n$, of kernels $n$ to $10^{-14}$.
# 2. (a) Features. On $x_1x_2$ in 30 dimensions a network of scale 0.1 had test error 0.011, its kernel 0.25; after
#    training its own tangent kernel had 0.002. The theory freezes what did the work, and in 60 dimensions the network
#    held at least 1,200 units from 500 examples, where a kernel has 500. (b) Cost. Exact regression grew
#    with an exponent between 2 and 3 in my timings, and the matrix for $10^5$ examples needs 80 GB; networks are
#    trained on far more. (c) Eigensystems. The prediction needs the kernel's eigenvalues *and* the target's
#    coefficients on the data's distribution; we had them on circle and cube only. Others that count: squared error
#    only; why real targets are aligned with the kernel's top modes is not explained; approximate at small $n$ (tanh:
#    off by 0.1); depth and width not both large; noise in single networks; the step size, since a large one leaves
#    the linear regime.
# 3. "α√m decides." Train widths 64 to 16,384 with $\alpha = 1.6/\sqrt m$. If the test error on $x_1x_2$ rises
#    towards the kernel's although $\alpha\sqrt m$ stays the same, I was wrong.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: a true statement of what is predicted and from what, two measured numbers, and at least two
#   conditions (wide or lazy, squared error, centred or mean, no ridge and distinct points for the exact law). Half a
#   point without the conditions or with one number.
# - Part 2, 1 point: three different gaps, each with evidence, one of them measured by the student (feature learning, cost,
#   finite width, small n, start of the network, ...). Half a point for two. "Real networks are more complicated" counts for nothing.
# - Part 3, 1 point: an experiment that could be done, a quantity, and an outcome that refutes a sentence of the essay. Half a point
#   if no outcome would refute it.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 10 minutes. Look at *your* `nfl_sum` and `network_nfl`.
#
# 1. At ridge 0 your `nfl_sum` decides which eigenvalues are positive, by a threshold of $10^{-10}$ relative to the
#    largest. Give a kernel and distinct training points for which the rank is $n$ and your code says less, though
#    nothing is wrong with it. What would `ridge = 1e-15` give there, and which of the two answers describes what a
#    computer can learn?
# 2. Which line of *your* `network_nfl` makes the networks of two calls with different `seed` different, and what
#    would happen to the error bars of section 5 if the rule were `seed + i`?

# %% [markdown] role="written" exercise="your-threshold" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. A smooth kernel on near points, such as a Gaussian kernel of length 1 on 20 points in $[0, 1]$: all eigenvalues
#    are positive, but they fall below $10^{-10}$ of the largest after some ten. The rank is 20, `nfl_sum` says about
#    half of that. With ridge $10^{-15}$ the eigenvalues near $10^{-16}$, which are rounding (some even negative),
#    count with arbitrary parts, so the sum is neither. What can be learned in floating point are the directions above
#    rounding (about $10^{-16}$ of the largest): the threshold's answer is nearer to that; the other directions could be
#    learned only in exact arithmetic, with enormous weights.
# 2. `range(c * seed, c * seed + c)`. With `seed + i` the call with seed 1 shares nine of its ten networks with
#    the call with seed 0: the trials are not independent, the same network would learn neighbouring modes. The error
#    bars, computed as if 40 trials were independent, would be too small.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: a kernel and points with tiny positive eigenvalues (smooth kernel, near points, or scaled
#   features), and that such directions drown in rounding: a sum with a ridge near rounding is arbitrary. Half a point
#   for one of the two.
# - Part 2, 1 point: the line of the student's own code that makes the seeds, and that shared networks make trials
#   dependent, hence error bars too small. Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - **The budget.** Over any orthonormal basis kernel regression learns $\mathrm{tr}[K_{DD}(K_{DD} + \delta I)^{-1}]$
#   units, exactly: $n$ without ridge, for distinct points and a nonsingular kernel, else less. Linear regression:
#   $\min(n, p)$ at most.
# - **Who gets it** is decided by eigenvalues: $\lambda/(\lambda + C)$, before training, and trained networks follow.
# - **Figure 2**: four architectures, kernels at $n$ to rounding, networks of width 256 at $n$ within 3 per cent.
# - **The bill**: time with an exponent between 2 and 3, memory $8n^2$ bytes.
# - **The edge**: with $\alpha\sqrt m$ small a network builds a kernel for its task and beats the one it started from
#   by more than ten times; from 500 examples it holds more than 1,200 units. With $\alpha\sqrt m$ large it does not.
#   And no training helps where the network cannot express the target.
#
# **Where the theory stops.** Squared error; linear in the targets; features frozen; eigensystems known for circles,
# cubes and spheres; $n^2$ and $n^3$. It says how a kernel shares its budget, not why the functions that we care about
# are the ones that get it.
#
# **Where to go from here.** This is the last lab. Chapter 11 of S1 begins where chapter 10 ends: finite width, where
# the tangent kernel moves and representations are learned. You have the tools to read it with a pencil *and* a
# machine: predict first, then run, and when print and measurement disagree, find out which one is wrong.
#
# *In ntklab `nfl_sum` is `learnability.no_free_lunch_sum` and `per_mode_learnability` is
# `learnability.mode_learnabilities` (targets are columns there); `nfl_linear_regression(X, train)` is the former with
# `X @ X.T`. `network_nfl` is a part of `ntklab figure fig2`. `cost_exponent` is `depth.fit_exponent` after two rules.
# The first two, and the figures, are withheld in this lab, since you write them yourself.*
