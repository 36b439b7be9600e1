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
#     title: From a random network to a formula
#     question: How can a network with random weights have a kernel that is not random?
#     minutes: 160
# ---

# %% [markdown]
# # Lab 3 · From a random network to a formula
#
# **The question.** A network starts with random weights, so the features it hands to gradient descent — its gradients
# — are random too. Yet two people who draw two *different* very wide networks find the *same* kernel: the same number
# for each pair of images, to as many digits as their networks are wide enough for. Why is it not random? And which
# function is it?
#
# By the end of this lab you will have built that kernel twice: once from the weights of a network, and once from a
# formula without any network in it. You will have seen the first turn into the second on real images. On the way you
# will catch a formula in the lecture slides that is wrong by an exact factor, and know why nobody notices.
#
# **After this lab you can**
#
# 1. write down the tangent features of a two-layer network and compute its kernel without automatic differentiation;
# 2. turn an average over $d$-dimensional Gaussian weights into one over *two* Gaussian numbers, and compute it for
#    any activation;
# 3. derive the closed form for ReLU from a picture of two half-planes;
# 4. find out which normalisation a printed kernel formula uses, and what it changes;
# 5. measure how fast a finite network's kernel approaches the formula, and say what one run can and cannot tell.
#
# **You need** lab 1 (features, kernels, Gram matrices) and lab 2 (a wide network trains like its linearisation, and
# the features of that linear model are the gradients at the start). NumPy, expectations, Gaussian vectors.
#
# **Time**: 160 minutes. Seven exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S2**: H. Hadiji, *Neural Tangent Kernel*, class 5 slides | section 3: the slides "An explicit example", "One dimensional input, two-layer net", "Two-layer neural net", "NTK for a two-layer network" and "One hidden layer ReLU NTK" (the slides have no equation numbers) | the road of this lab |
# | **S1**: Roberts, Yaida & Hanin, *The Principles of Deep Learning Theory* | §10.4.3, (10.134)–(10.141) | the same objects as *random features* |
# | Cho & Saul, *Kernel Methods for Deep Learning* (2009) | section 2 | the arc-cosine kernels; theirs carry an extra factor 2 |

# %% [markdown]
# ## How to work here
#
# Run the cells from the top. You write code where it says `YOUR CODE HERE`; the cell right below tests it at once
# and, when something is wrong, tries to name the *misconception* and not just the number. (That cell is folded; click
# its three dots to read the tests.) Hidden tests do the same on fresh inputs when the notebook is graded. Stuck? Each
# exercise has three folded hints, each nearer to code than the one before; `lab.hint("relu_kappa")` prints the next one.

# %% role="setup"
import numpy as np

from ntklab import datasets, gaussian, lab, networks

lab.start("lab03-two-layer-ntk")

# %% role="demo" name="drawing"
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (6.4, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10})


def random_network(width, d, seed):
    """Weights a (width,) and B (width, d) of one network, all drawn from N(0, 1)."""
    rng = np.random.default_rng([seed, width])
    return rng.standard_normal(width), rng.standard_normal((width, d))


# %% [markdown]
# ## 1 · The network, and one choice that matters
#
# This is the network of the slides, for inputs $x \in \mathbb{R}^d$, with $m$ hidden units and no biases:
#
# $$h(x) = \frac{1}{\sqrt m}\sum_{i=1}^{m} a_i\,\sigma(\langle b_i, x\rangle),
# \qquad a_i \sim \mathcal N(0, 1),\quad b_i \sim \mathcal N(0, I_d),\qquad \sigma(z) = \max(z, 0).$$
#
# Lab 2 says: while such a network trains lazily, all that matters is its **feature map**
# $\phi(x) = \nabla_{(a, b)}\, h(x)$ at the start, and of that only inner products, the **tangent kernel**
# $\hat k(x, x') = \langle \phi(x), \phi(x')\rangle$. The hat says that it depends on the weights that were drawn.
#
# Conventions, once for the whole lab:
#
# | | here |
# |---|---|
# | rows | `X` has shape `(n, d)`, one input per row; feature matrices are `(n, p)`, one feature vector per row (the slides write the transpose) |
# | derivative | $\sigma'(z) = 1$ for $z > 0$ and $0$ for $z \le 0$, so $\sigma'(0) = 0$, as in PyTorch |
# | inner products | $\langle x, x'\rangle$ as it is, **not** divided by $d$ (chapter 10 of S1 divides) |
# | the $1/\sqrt m$ | stands in the *formula of the network*, not in the size of the weights |
#
# The last line is the choice that matters. The slides offer $h = \sum_i a_i \sigma(b_i x)$ with $\mathrm{Var}(a_i) =
# 1/m$ "or, equivalently" the form above. (The slides write $v_a/n$, where $n$ means the number of hidden units.) At
# the start both forms do compute the same random functions. Their *gradients* differ, though, and so do their
# kernels. You will say how in the quiz.

# %% [markdown]
# ## 2 · Worked example: two points, width three
#
# Take $d = 1$, so that each $b_i$ is a number, and $m = 3$ with
#
# $$a = (1,\ 3,\ -1), \qquad b = (2,\ -1,\ 1).$$
#
# The derivatives of $h(x) = \frac{1}{\sqrt 3}\sum_i a_i \sigma(b_i x)$ are
#
# $$\frac{\partial h}{\partial a_i} = \frac{1}{\sqrt 3}\,\sigma(b_i x), \qquad
#   \frac{\partial h}{\partial b_i} = \frac{1}{\sqrt 3}\,a_i\, x\,\sigma'(b_i x).$$
#
# Every number, for the two points $x = 1$ and $x' = 2$:
#
# | unit $i$ | $a_i$ | $b_i$ | $b_i x$ | $\sigma(b_i x)$ | $a_i x\,\sigma'(b_i x)$ | $b_i x'$ | $\sigma(b_i x')$ | $a_i x' \sigma'(b_i x')$ |
# |---|---|---|---|---|---|---|---|---|
# | 1 | 1 | 2 | 2 | **2** | 1 · 1 · 1 = **1** | 4 | **4** | 1 · 2 · 1 = **2** |
# | 2 | 3 | −1 | −1 | **0** (asleep) | 3 · 1 · 0 = **0** | −2 | **0** | 3 · 2 · 0 = **0** |
# | 3 | −1 | 1 | 1 | **1** | −1 · 1 · 1 = **−1** | 2 | **2** | −1 · 2 · 1 = **−2** |
#
# The feature vectors, $2m = 6$ long, with the derivatives by $a$ first and those by $b$ after them:
#
# $$\phi(1) = \tfrac{1}{\sqrt 3}(2, 0, 1 \mid 1, 0, -1), \qquad \phi(2) = \tfrac{1}{\sqrt 3}(4, 0, 2 \mid 2, 0, -2).$$
#
# And the kernel:
#
# $$\hat k(1, 1) = \tfrac13(4 + 0 + 1 + 1 + 0 + 1) = \tfrac73, \qquad
#   \hat k(1, 2) = \tfrac13(8 + 0 + 2 + 2 + 0 + 2) = \tfrac{14}{3}, \qquad
#   \hat k(2, 2) = \tfrac13(16 + 4 + 4 + 4) = \tfrac{28}{3}.$$
#
# Unit 2 sleeps at both points and adds nothing to any of the three. It wakes at a third point, $x'' = -2$, where the
# other two sleep: $\phi(-2) = \frac{1}{\sqrt 3}(0, 2, 0 \mid 0, -6, 0)$, so $\hat k(-2, -2) = \frac{40}{3}$ and $\hat
# k(1, -2) = 0$: a unit counts for a pair of points only if it is awake at *both*. Keep this sentence. It will become
# the formula.
#
# No formula is safe until it has met a number that was found another way. So nudge each of the six weights a little
# and watch the output:


# %% role="demo" name="nudge"
def three_units(weights, x):
    a, b = weights[:3], weights[3:]
    return np.sum(a * np.maximum(b * x, 0)) / np.sqrt(3)


weights, nudge = np.array([1.0, 3, -1, 2, -1, 1]), 1e-6
for x in (1.0, 2.0, -2.0):
    changes = [three_units(weights + e, x) - three_units(weights - e, x) for e in nudge * np.eye(6)]
    print(f"x = {x:4}:  √3 · gradient =", np.round(np.sqrt(3) * np.array(changes) / (2 * nudge), 4) + 0.0)

# %% [markdown]
# ## Exercise 1 · `ntk_features_1d`
#
# Difficulty ●○○ · 15 minutes · 2 points
#
# Write the feature map for any one-dimensional network and many inputs at once.
# **Equation**: S2, slide "One dimensional input, two-layer net".
#
# $$\phi(x) = \frac{1}{\sqrt m}\Bigl(\sigma(b_1 x), \dots, \sigma(b_m x) \;\Big|\; a_1 x\,\sigma'(b_1 x), \dots, a_m x\,\sigma'(b_m x)\Bigr)$$
#
# | | shape | |
# |---|---|---|
# | `a`, `b` | `(m,)` | weights of the second and of the first layer |
# | `x` | `(n,)` | inputs; 0 is a legal input |
# | returns | `(n, 2 * m)` | row $j$ is $\phi(x_j)$: first the $m$ derivatives by `a`, then the $m$ derivatives by `b` |


# %% role="answer" exercise="ntk_features_1d"
def ntk_features_1d(a, b, x):
    """Gradient features (n, 2m) of the network h(x) = sum_i a_i relu(b_i x) / sqrt(m) at the inputs x (n,)."""
    ### BEGIN SOLUTION
    z = np.outer(x, b)  # (n, m): one row per input, one column per unit
    awake = z > 0
    by_a = z * awake
    by_b = a * np.asarray(x)[:, None] * awake
    return np.hstack([by_a, by_b]) / np.sqrt(len(a))
    ### END SOLUTION


# %% role="visible" exercise="ntk_features_1d"
t = lab.tests("ntk_features_1d")
a, b, x = np.array([1.0, 3.0, -1.0]), np.array([2.0, -1.0, 1.0]), np.array([1.0, 2.0, -2.0])
by_a = np.array([[2.0, 0, 1], [4, 0, 2], [0, 2, 0]]) / np.sqrt(3)
by_b = np.array([[1.0, 0, -1], [2, 0, -2], [0, -6, 0]]) / np.sqrt(3)
features = np.hstack([by_a, by_b])
t.close(
    "the worked example",
    lambda: ntk_features_1d(a, b, x),
    features,
    rtol=1e-5,  # a float32 answer rounds at 1e-7; the nearest mistake is off by a factor
    atol=1e-6,
    mistakes={
        "the 1/√m of the network is missing: every derivative inherits it": features * np.sqrt(3),
        "1/m instead of 1/√m: the network carries 1/√m, and 1/m appears only in products of two features": (
            features / np.sqrt(3)
        ),
        "the columns are right but the derivatives by b stand first: by a first, then by b": np.hstack([by_b, by_a]),
        "the columns are right but interleaved: all derivatives by a first, then all by b": (
            np.stack([by_a, by_b], axis=2).reshape(3, 6)
        ),
        "rows and columns are exchanged: this is the slides' Φ, with one column per input; here one row per input": (
            features.T
        ),
        "the factor x is missing in the derivative by b: what does the chain rule give for b·x?": (
            np.hstack([by_a, by_b / x[:, None]])
        ),
        "the factor a is missing in the derivative by b: a stays in front of σ when you differentiate what is inside": (
            np.hstack([by_a, by_b / a])
        ),
        "the second half has σ where it needs σ′: after differentiating by b the unit counts with 0 or 1": (
            np.hstack([by_a, by_a * (a * x[:, None])])
        ),
        "the second half lacks σ′: a sleeping unit has derivative 0": np.hstack([by_a, a * x[:, None] / np.sqrt(3)]),
        "the first half is b·x, also where it is negative: the derivative by a is σ(b·x)": (
            np.hstack([np.outer(x, b) / np.sqrt(3), by_b])
        ),
    },
)
a, b, x = t.rng.standard_normal(5), t.rng.standard_normal(5), t.rng.standard_normal(7)
h = np.maximum(np.outer(x, b), 0) @ a / np.sqrt(5)
t.close(
    "multiplied by the weights themselves, the features give 2h (h has degree two in its weights)",
    lambda: np.asarray(ntk_features_1d(a, b, x)) @ np.concatenate([a, b]),
    2 * h,
    rtol=1e-5,
    atol=1e-6,
)
t.close("a single input at 0 has no features", lambda: ntk_features_1d(a, b, np.zeros(1)), np.zeros((1, 10)))
t.report()

# %% role="hidden" exercise="ntk_features_1d" points=2
# Hidden tests: fresh networks and inputs, one of them 0; a single unit; a wide network.
### BEGIN HIDDEN TESTS
t = lab.tests("ntk_features_1d", hidden=True)
for what, n, m in [("a fresh network", 6, 4), ("one unit", 3, 1), ("a wide network, one input", 1, 400)]:
    a, b, x = t.rng.standard_normal(m), t.rng.standard_normal(m), t.rng.standard_normal(n)
    if n > 3:
        x[t.rng.integers(n)] = 0.0
    by_a, by_b = np.zeros((n, m)), np.zeros((n, m))
    for j in range(n):
        for i in range(m):
            if b[i] * x[j] > 0:
                by_a[j, i], by_b[j, i] = b[i] * x[j] / np.sqrt(m), a[i] * x[j] / np.sqrt(m)
    features = np.hstack([by_a, by_b])
    t.close(
        what,
        lambda: ntk_features_1d(a, b, x),
        features,
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "the 1/√m of the network is missing": features * np.sqrt(m),
            "1/m instead of 1/√m": features / np.sqrt(m),
            "the derivatives by b stand first: by a first, then by b": np.hstack([by_b, by_a]),
            "the columns are interleaved: all derivatives by a first, then all by b": (
                np.stack([by_a, by_b], axis=2).reshape(n, 2 * m)
            ),
            "rows and columns are exchanged: one row per input": features.T,
            "the factor x is missing in the derivative by b": np.hstack([by_a, a * (by_a > 0) / np.sqrt(m)]),
            "the factor a is missing in the derivative by b": np.hstack([by_a, by_b / a]),
            "the second half has σ where it needs σ′": np.hstack([by_a, by_a * (a * x[:, None])]),
            "the second half lacks σ′: a sleeping unit has derivative 0": np.hstack(
                [by_a, a * x[:, None] / np.sqrt(m)]
            ),
            "the first half is b·x, also where it is negative": np.hstack([np.outer(x, b) / np.sqrt(m), by_b]),
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="ntk_features_1d"
# <details><summary>Hint 1 · concept</summary>
#
# Every unit owns two features: how the output reacts to its outer weight $a_i$ and to its inner weight $b_i$. The
# first is simply what the unit says, $\sigma(b_i x)$. For the second, ask the chain rule. Then think of all units and
# all inputs at once as one table, with inputs down and units across.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The table of preactivations $b_i x_j$ has shape `(n, m)`; an outer product makes it. Both halves have that shape
# too. To multiply row $j$ by $x_j$ you need `x` as a column, shape `(n, 1)`; to multiply column $i$ by $a_i$, `a` as
# it is, `(m,)`. Put the halves side by side.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Make `z` by `np.outer`, inputs first. Make a table that is true where `z` is positive: times `z` it is the left
# half; times `a` and the column of inputs it is the right half. `np.hstack` takes the list of both. One division by
# the root of the number of units does for all.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# Draw a one-dimensional network of width 500 and take its Gram matrix $\hat K = \Phi\Phi^\top$ at twelve different
# points. There are $p = 1000$ features, far more than points.
#
# **Before you run the next cell, write down: how many of the twelve eigenvalues of $\hat K$ are not zero?**

# %% role="demo" name="rank"
a, B = random_network(500, 1, seed=0)
line = np.linspace(-3, 2.5, 12)
Phi = ntk_features_1d(a, B[:, 0], line)
print("shape of the features:", Phi.shape)
print("eigenvalues of the Gram matrix:", np.round(np.linalg.eigvalsh(Phi @ Phi.T)[::-1], 8) + 0.0)

# %% [markdown]
# <details><summary>What happened (open after running)</summary>
#
# Two, at any width. On the line there are only two directions, left and right. ReLU does not mind scale, so $\phi(x) =
# x\,\phi(1)$ for every $x > 0$ and $\phi(x) = |x|\,\phi(-1)$ for every $x < 0$, and the two share no awake unit. A
# thousand features span two dimensions. The theorem of lab 2 (gradient descent fits every label) needs rank $n$, so **this
# network fits two points and no more**: fine as an example, useless for fitting. From $d = 2$ on, directions differ
# gradually, and the trouble is gone.
#
# </details>

# %% [markdown]
# ## 3 · More than one dimension
#
# For $x \in \mathbb{R}^d$ the inner weight of unit $i$ is a vector $b_i$, and its gradient is $\frac{1}{\sqrt m}\,
# a_i\,\sigma'(\langle b_i, x\rangle)\, x$. There are $p = m(d + 1)$ features now. On images with $d = 64$ and a width
# of $10^4$ that is $650{,}000$ numbers *per image*. But you never need them, only their inner products, and these sum
# to
#
# $$\hat k(x, z) = \underbrace{\frac1m\sum_{i=1}^m \sigma(\langle b_i, x\rangle)\,\sigma(\langle b_i, z\rangle)}_{\text{from the outer weights } a}
# \;+\; \underbrace{\langle x, z\rangle\;\frac1m\sum_{i=1}^m a_i^2\,\sigma'(\langle b_i, x\rangle)\,\sigma'(\langle b_i, z\rangle)}_{\text{from the inner weights } b}$$
#
# The inner product $\langle x, z\rangle$ stepped out of the sum: this is the kernel trick of lab 1, at work inside a
# network.
#
# **By hand**, before code: $m = 3$ units $b_1 = (1, 0)$, $b_2 = (1, 1)$, $b_3 = (-1, -2)$ with $a = (2, -1, 3)$; the
# points $x = (1, 1)$ and $z = (2, 0)$. Preactivations: $(1, 2, -3)$ at $x$ and $(2, 2, -2)$ at $z$. Units 1 and 2 are
# awake at both. Outer part: $\frac13(1\cdot 2 + 2\cdot 2) = 2$. Inner part: $\langle x, z\rangle = 2$, times
# $\frac13(2^2 + (-1)^2) = \frac53$. So $\hat k(x, z) = 2 + \frac{10}{3} = \frac{16}{3}$. Note that $a$ enters *squared*:
# its sign never matters.

# %% [markdown]
# ## Exercise 2 · `finite_width_ntk`
#
# Difficulty ●●○ · 20 minutes · 4 points
#
# **Equation**: the display above; in S2 the sum on the slide "One dimensional input, two-layer net", for $d$
# dimensions.
#
# | | shape | |
# |---|---|---|
# | `a` | `(m,)` | outer weights |
# | `B` | `(m, d)` | inner weights, row $i$ is $b_i$ |
# | `X`, `Z` | `(n, d)`, `(k, d)` | two sets of inputs, of different sizes in general; a zero row is legal |
# | returns | `(n, k)` | $\hat k(x_j, z_l)$ |
#
# No loops over units or inputs. If you use only operators that NumPy arrays and PyTorch tensors share (`@`, `*`, `>`,
# `.T`, `len`), the same lines will run on a GPU at the end of the lab. The tests pass NumPy arrays and ask for no
# more.


# %% role="answer" exercise="finite_width_ntk"
def finite_width_ntk(a, B, X, Z):
    """Tangent kernel (n, k) of the network with weights a (m,), B (m, d) between the rows of X (n, d) and Z (k, d)."""
    ### BEGIN SOLUTION
    U, V = X @ B.T, Z @ B.T  # preactivations (n, m) and (k, m)
    outer_part = (U * (U > 0)) @ (V * (V > 0)).T
    inner_part = (X @ Z.T) * ((a * (U > 0)) @ (a * (V > 0)).T)
    return (outer_part + inner_part) / len(a)
    ### END SOLUTION


# %% role="visible" exercise="finite_width_ntk"
t = lab.tests("finite_width_ntk")
a, B = np.array([2.0, -1.0, 3.0]), np.array([[1.0, 0.0], [1.0, 1.0], [-1.0, -2.0]])
X, Z = np.array([[1.0, 1.0], [1.0, -2.0]]), np.array([[2.0, 0.0], [-1.0, 3.0], [3.0, -1.0]])
outer_part, inner_part = np.array([[6.0, 4, 7], [2, 0, 3]]) / 3, np.array([[10.0, 2, 10], [8, 0, 20]]) / 3
with_a = np.array([[2.0, -2, 2], [4, 0, 10]]) / 3  # the inner part with a in place of a²
without_a = np.array([[4.0, 2, 4], [2, 0, 5]]) / 3
without_products = np.array([[5.0, 1, 5], [4, 0, 4]]) / 3
kernel = outer_part + inner_part
t.close(
    "two points against three, by hand",
    lambda: finite_width_ntk(a, B, X, Z),
    kernel,
    rtol=1e-5,  # float32 rounds at 1e-7 per term
    atol=1e-6,
    mistakes={
        "only the outer weights' part: the gradient by B is missing": outer_part,
        "only the inner weights' part: the gradient by a is missing": inner_part,
        "a enters once, not squared: both feature vectors carry a factor a": outer_part + with_a,
        "a is missing in the inner part (it has mean square 1, but this network has its own values)": (
            outer_part + without_a
        ),
        "⟨x, z⟩ is missing in the inner part: ∂h/∂b_i is a vector along x": outer_part + without_products,
        "⟨x, z⟩ is divided by d: here it is not (chapter 10 of S1 does)": outer_part + inner_part / 2,
        "the whole kernel is divided by d: here inner products are taken as they are": kernel / 2,
        "1/m is missing: the kernel is a mean over units, not a sum": 3 * kernel,
        "1/√m instead of 1/m: each of the two feature vectors brings its own 1/√m": np.sqrt(3) * kernel,
        "1/m² instead of 1/m: each feature vector brings 1/√m, not 1/m": kernel / 3,
        "rows and columns are exchanged: rows belong to X, columns to Z": kernel.T,
        "σ is missing: a unit that is asleep at one of the two points must not count": (
            ((X @ B.T) @ (B @ Z.T) + (X @ Z.T) * (a @ a)) / 3
        ),
    },
)
a, B = t.rng.standard_normal(6), t.rng.standard_normal((6, 4))
X, Z = t.rng.standard_normal((3, 4)), t.rng.standard_normal((5, 4))


def numeric_features(points):
    """Gradients by nudging every weight, as in the worked example."""

    def output(w):
        return np.maximum(points @ w[6:].reshape(6, 4).T, 0) @ w[:6] / np.sqrt(6)

    w, nudge = np.concatenate([a, B.ravel()]), 1e-6
    return np.column_stack([(output(w + e) - output(w - e)) / (2 * nudge) for e in nudge * np.eye(len(w))])


t.close(
    "it equals the inner products of gradients found by nudging the weights",
    lambda: finite_width_ntk(a, B, X, Z),
    numeric_features(X) @ numeric_features(Z).T,
    rtol=1e-5,
    atol=1e-6,  # a nudge of 1e-6 leaves rounding errors of 1e-10
)
t.close("a zero row gives zeros", lambda: finite_width_ntk(a, B, np.zeros((1, 4)), Z), np.zeros((1, 5)))
t.report()

# %% role="hidden" exercise="finite_width_ntk" points=4
# Hidden tests: fresh networks against automatic differentiation; one unit, one input, zero rows, exchanged arguments.
### BEGIN HIDDEN TESTS
t = lab.tests("finite_width_ntk", hidden=True)
empirical_ntk = lab.reference("empirical.empirical_ntk")


def slides_network(a, B):
    """The network of the slides: inner products not divided by d, 1/√m in the read-out."""
    m, d = B.shape
    settings = {"d": d, "width": m, "C_W": float(d), "readout": (1.0, 0.0)}
    return networks.NTKNet.from_config(settings, np.concatenate([B.ravel(), a]))


for what, n, k, m, d in [
    ("a fresh network", 4, 6, 5, 3),
    ("more inputs than units", 9, 7, 2, 4),
    ("one unit, one input", 1, 1, 1, 2),
    ("a wide network", 3, 2, 300, 6),
]:
    a, B = t.rng.standard_normal(m), t.rng.standard_normal((m, d))
    X, Z = t.rng.standard_normal((n, d)), t.rng.standard_normal((k, d))
    if what == "one unit, one input":
        B, X, Z = np.abs(B), np.abs(X), np.abs(Z)  # awake
    U, V = X @ B.T, Z @ B.T
    S, T, awake, also = np.maximum(U, 0), np.maximum(V, 0), (U > 0) * 1.0, (V > 0) * 1.0
    kernel = empirical_ntk(slides_network(a, B), X, Z)
    outer_part = S @ T.T / m
    inner_part = kernel - outer_part
    t.close(
        what,
        lambda: finite_width_ntk(a, B, X, Z),
        kernel,
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "only the outer weights' part: the gradient by B is missing": outer_part,
            "only the inner weights' part: the gradient by a is missing": inner_part,
            "a enters once, not squared": outer_part + (X @ Z.T) * ((awake * a) @ also.T) / m,
            "a is missing in the inner part": outer_part + (X @ Z.T) * (awake @ also.T) / m,
            "⟨x, z⟩ is missing in the inner part": outer_part + (awake * a**2) @ also.T / m,
            "⟨x, z⟩ is divided by d: here it is not": outer_part + inner_part / d,
            "the whole kernel is divided by d: here it is not": kernel / d,
            "1/m is missing: the kernel is a mean over units": m * kernel,
            "1/√m instead of 1/m": np.sqrt(m) * kernel,
            "1/m² instead of 1/m": kernel / m,
            "rows and columns are exchanged": kernel.T,
            "σ is missing: a sleeping unit must not count": (U @ V.T + (X @ Z.T) * (a @ a)) / m,
        },
    )
X[0] = 0.0
t.close(
    "a zero row", lambda: finite_width_ntk(a, B, X, Z), empirical_ntk(slides_network(a, B), X, Z), rtol=1e-5, atol=1e-6
)
t.close(
    "X and Z exchanged",
    lambda: finite_width_ntk(a, B, Z, X),
    empirical_ntk(slides_network(a, B), Z, X),
    rtol=1e-5,
    atol=1e-6,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="finite_width_ntk"
# <details><summary>Hint 1 · concept</summary>
#
# You need, for every pair of inputs, a sum over units of (something at $x$) times (something at $z$). A sum over a
# shared index of products is a matrix product. So put units in columns, once for `X` and once for `Z`, and let `@` do
# the sum. Which tables do you need? One of activations, one of awake/asleep.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# With $U = XB^\top$, shape `(n, m)`, and $V = ZB^\top$, shape `(k, m)`: $\hat K =
# \frac1m\bigl[\sigma(U)\,\sigma(V)^\top + (XZ^\top) \circ
# \bigl(\sigma'(U)\,\mathrm{diag}(a^2)\,\sigma'(V)^\top\bigr)\bigr]$, where $\circ$ multiplies entry by entry. All of
# it has shape `(n, k)`. Multiplying a table's columns by `a` needs no `diag`: broadcasting does it.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `U > 0` is a table of `True` and `False`; times `U` it is $\sigma(U)$; times `a` it is $a_i\sigma'$. Make the second
# one for both inputs, then one `@` with a `.T` gives the sum with $a_i^2$. The inner part is that, times `X @ Z.T`
# entry by entry (`*`, not `@`). Add the outer part; divide once by the number of units.
#
# </details>

# %% [markdown]
# ### See it: a random kernel on the circle
#
# Fix $x = (1, 0)$ and walk $z = (\cos\theta, \sin\theta)$ along the half circle. Each thin line is *one* random
# network's kernel $\hat k(x, z)$. Six networks at each width:

# %% role="figure" name="profile"
angles = np.linspace(0, np.pi, 91)
start, half_circle = np.array([[1.0, 0.0]]), np.column_stack([np.cos(angles), np.sin(angles)])
fig, axes = plt.subplots(1, 3, figsize=(9, 3.2), sharey=True)
for ax, width in zip(axes, [8, 256, 16_384], strict=True):
    for seed in range(6):
        profile = finite_width_ntk(*random_network(width, 2, seed), start, half_circle)[0]
        ax.plot(np.degrees(angles), profile, color="black", lw=0.9, alpha=0.8)
    ax.set(title=f"width {width:,}", xlabel="angle θ in degrees", xticks=[0, 90, 180])
axes[0].set(ylabel="kernel of one random network")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Three panels with six curves each. At width 8 the curves start anywhere between 0.3 and 1.7 at angle 0 and fall in jumps. At width 256 they run close together. At width 16,384 all six lie on one smooth curve that falls from 1 at angle 0 through 0 near 115 degrees to a shallow minimum, and comes back to 0 at 180 degrees.](profile.png)
#
# Width 8: six different stories, with steps where a unit falls asleep. Width 16,384: six networks, one curve. The rest
# of the lab finds out which curve it is.
#
# </details>

# %% [markdown]
# ## 4 · Why it stops being random
#
# Look at the sum again. The units are drawn independently and all alike, so $\hat k(x, z)$ is the **mean of $m$
# independent numbers**, one per unit:
#
# $$\hat k(x, z) = \frac1m\sum_{i=1}^m \xi_i, \qquad
# \xi_i = \sigma(\langle b_i, x\rangle)\,\sigma(\langle b_i, z\rangle) + a_i^2\,\langle x, z\rangle\,\sigma'(\langle b_i, x\rangle)\,\sigma'(\langle b_i, z\rangle).$$
#
# The law of large numbers does the rest: as $m \to \infty$ it converges to $\mathbb E[\xi]$, almost surely, and the
# central limit theorem says how fast: the error is about $\sqrt{\mathrm{Var}(\xi)/m}$. That is all. No training, no data,
# no depth. S1 calls this *self-averaging* (footnote 50). Since $\mathbb E[a^2] = 1$, what remains is the formula on the
# slide "NTK for a two-layer network":
#
# $$k(x, z) = \langle x, z\rangle\;\mathbb E_{b}\bigl[\sigma'(\langle b, x\rangle)\,\sigma'(\langle b, z\rangle)\bigr]
# + \mathbb E_{b}\bigl[\sigma(\langle b, x\rangle)\,\sigma(\langle b, z\rangle)\bigr], \qquad b \sim \mathcal N(0, I_d).$$
#
# **How wide is wide?** One case by hand: $x = z$ with $\|x\| = 1$. Then $u = \langle b, x\rangle$ is a standard normal
# number and $\xi = u^2 + a^2$ if the unit is awake ($u > 0$, half of the time), else $0$. So
# $\mathbb E[\xi] = \frac12(1 + 1) = 1$ and $\mathbb E[\xi^2] = \frac12\,\mathbb E[u^4 + 2u^2a^2 + a^4] = \frac12(3 + 2 + 3) = 4$,
# hence $\mathrm{Var}(\xi) = 3$: a network of width $m$ errs by about $\sqrt{3/m}$. One per cent takes $m = 30{,}000$ units.
#
# The formula looks like an integral over $\mathbb R^d$. But $b$ enters only through the two numbers $u = \langle b, x\rangle$
# and $v = \langle b, z\rangle$, which are jointly Gaussian with mean 0 and covariance
#
# $$\begin{pmatrix} K_{xx} & K_{xz} \\ K_{xz} & K_{zz}\end{pmatrix} =
# \begin{pmatrix} \|x\|^2 & \langle x, z\rangle \\ \langle x, z\rangle & \|z\|^2\end{pmatrix}.$$
#
# So for **any activation and any dimension** it is a two-dimensional Gaussian integral $\mathbb E[f(u)\,g(v)]$. Deep
# networks (lab 5) repeat exactly this step, layer after layer.
#
# **Gauss–Hermite quadrature** replaces $\mathbb E[f(s)]$, $s \sim \mathcal N(0, 1)$, by a weighted sum $\sum_q w_q
# f(s_q)$ over `order` nodes, exact when $f$ is a polynomial of degree up to `2 * order - 1`. For correlated $u, v$
# write them with two *independent* standard normals $s, t$:
#
# $$u = \sqrt{K_{xx}}\;s, \qquad v = \frac{K_{xz}}{\sqrt{K_{xx}}}\;s + \sqrt{K_{zz} - \frac{K_{xz}^2}{K_{xx}}}\;t.$$
#
# (Check: $\mathbb E[uv] = K_{xz}$ and $\mathbb E[v^2] = K_{zz}$.) **By hand**, with two nodes $s, t = \pm 1$ of
# weight $\frac12$ each, for $K_{xx} = 4$, $K_{xz} = 2$, $K_{zz} = 5$ and $f(u) = u$, $g(v) = v$: $u = 2s$, $v = s +
# 2t$. The four products $u v$ are $2\cdot 3,\ 2\cdot(-1),\ (-2)\cdot 1,\ (-2)\cdot(-3)$, that is $6, -2, -2, 6$; a
# quarter of each adds up to $2 = K_{xz}$. Exact, with four evaluations.

# %% [markdown]
# ## Exercise 3 · `gaussian_expectation`
#
# Difficulty ●●● · 30 minutes · 4 points
#
# **Equation**: $\mathbb E[f(u)\,g(v)]$ as above; with $f = g = \sigma$ it is the second term of S2's "NTK for a
# two-layer network" and $\langle\sigma\sigma\rangle$ in (10.136).
#
# | | | |
# |---|---|---|
# | `f`, `g` | `Activation` | `f.f(u)` evaluates it on a NumPy array `u` of any shape |
# | `Kxx`, `Kxz`, `Kzz` | numbers | variance of $u$, covariance, variance of $v$ |
# | `order` | whole number | nodes of the Gauss–Hermite rule in **each** of the two variables |
# | returns | a number | exact when $f(u)g(v)$ is a polynomial of total degree up to `2 * order - 1` |
#
# It must survive the two degenerate covariances: $K_{xz}^2 = K_{xx}K_{zz}$ ($x$ and $z$ parallel; rounding may even
# push the radicand below 0) and $K_{xx} = 0$ (then $u = 0$, whatever $v$ does).
#
# NumPy knows the nodes: `np.polynomial.hermite_e.hermegauss` (weight $e^{-s^2/2}$, the *probabilists'* rule) or
# `np.polynomial.hermite.hermgauss` (weight $e^{-s^2}$, the *physicists'* rule). Neither set of weights sums to one.


# %% role="answer" exercise="gaussian_expectation"
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    """E[f(u) g(v)] for centred Gaussian u, v with variances Kxx, Kzz and covariance Kxz; order nodes per variable."""
    ### BEGIN SOLUTION
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / weights.sum()  # they sum to √(2π)
    s, t = nodes[:, None], nodes[None, :]
    slope = Kxz / np.sqrt(Kxx) if Kxx > 0 else 0.0
    u = np.sqrt(Kxx) * s + 0 * t  # (order, order), like v
    v = slope * s + np.sqrt(max(Kzz - slope**2, 0.0)) * t
    return float(weights @ (f.f(u) * g.f(v)) @ weights)
    ### END SOLUTION


# %% role="visible" exercise="gaussian_expectation"
t = lab.tests("gaussian_expectation")
linear, square, cube = (gaussian.activation(name) for name in ("linear", "monomial:2", "monomial:3"))
fourth, sine, relu = (gaussian.activation(name) for name in ("monomial:4", "sin", "relu"))
p, c, q = 2.0, 0.6, 0.8
t.close(
    "E[u³v] = 3 Kxx Kxz",
    lambda: gaussian_expectation(cube, linear, p, c, q, 4),
    3 * p * c,
    rtol=1e-5,
    mistakes={
        "the variances are halved: with the physicists' nodes (weight e^(−s²)) the normal variable is √2 · node": (
            0.75 * p * c
        ),
        "2π times too large: the weights of the probabilists' rule sum to √(2π) in each variable": 6 * np.pi * p * c,
        "π times too large: the weights of the physicists' rule sum to √π in each variable": 3 * np.pi * p * c,
        "√(2π) times too large: you normalised the weights of one variable only": 3 * np.sqrt(2 * np.pi) * p * c,
        "√π times too large: you normalised the weights of one variable only": 3 * np.sqrt(np.pi) * p * c,
        "u and v are independent in your answer: v must carry Kxz": 0.0,
        "one normal variable for both: v shares s with u, but has a part of its own": 3 * p**1.5 * q**0.5,
        "f is used for both variables: E[f(u) f(v)]": 9 * p * q * c + 6 * c**3,
        "g is used for both variables: E[g(u) g(v)]": c,
        "Kxx and Kzz are exchanged: u has variance Kxx": 3 * q * c,
        "Kxz is used as a correlation: it is a covariance, the correlation is Kxz/√(Kxx Kzz)": 3 * p**1.5 * q**0.5 * c,
        "the variance is used as a standard deviation: u = √Kxx · s": 3 * p**2.5 * q**0.5 * c,
    },
)
t.close(
    "E[u²v²] = Kxx Kzz + 2 Kxz²",
    lambda: gaussian_expectation(square, square, p, c, q, 3),
    p * q + 2 * c**2,
    rtol=1e-5,
    mistakes={
        "u and v are independent in your answer: v must carry Kxz": p * q,
        "one normal variable for both: v shares s with u, but has a part of its own": 3 * p * q,
        "v lacks the part that is independent of u: its variance must come to Kzz": 3 * c**2,
    },
)
t.close(
    "E[sin u sin v] = e^(−(Kxx + Kzz)/2) sinh Kxz",
    lambda: gaussian_expectation(sine, sine, 1.0, -0.4, 0.5, 40),
    np.exp(-0.75) * np.sinh(-0.4),
    rtol=1e-5,  # at order 40 the rule errs by less than 1e-12 here
)
t.close(
    "two nodes are exact up to degree three and no further (here degree six: each node is ±1)",
    lambda: gaussian_expectation(fourth, square, 2.0, 0.0, 0.75, 2),
    3.0,
    rtol=1e-5,
    mistakes={"`order` has no effect: use exactly `order` nodes in each variable": 9.0},
)


def survives(*arguments):
    try:
        gaussian_expectation(*arguments)
    except ValueError:  # NumPy's LinAlgError is one
        return False
    return True


t.holds(
    "x and z parallel: an answer at all",
    lambda: survives(linear, linear, 1.0, 1.0, 1.0, 5),
    "no Cholesky factor: the covariance is singular when x and z are parallel; write u and v in s and t by hand",
)
for beyond in (1.0, 1 + 3e-15):  # exactly parallel, and pushed beyond by rounding
    t.close(
        "x and z parallel: v is a multiple of u",
        lambda beyond=beyond: gaussian_expectation(cube, linear, 0.7, 0.7 * 1.1 * beyond, 0.7 * 1.21, 5),
        3 * 0.7 * 0.77,
        rtol=1e-5,
        mistakes={
            "nan for parallel x and z: rounding makes Kzz − Kxz²/Kxx a tiny negative number; take its positive part": (
                np.nan
            )
        },
    )
t.close(
    "Kxx = 0: u is 0, and so is f(u) = u",
    lambda: gaussian_expectation(linear, linear, 0.0, 0.0, 1.3, 5),
    0.0,
    atol=1e-6,
    mistakes={"nan when Kxx = 0: do not divide by it": np.nan},
)
t.close(
    "ReLU, independent u and v: E[σ(u)]² = 1/2π (a kink: the rule is good to one per cent)",
    lambda: gaussian_expectation(relu, relu, 1.0, 0.0, 1.0, 100),
    1 / (2 * np.pi),
    rtol=2e-2,
)
t.report()

# %% role="hidden" exercise="gaussian_expectation" points=4
# Hidden tests: fresh covariances; polynomials, erf, tanh, ReLU; degenerate covariances; whether `order` is used.
### BEGIN HIDDEN TESTS
t = lab.tests("gaussian_expectation", hidden=True)
gaussian_expectations = lab.reference("gaussian.gaussian_expectations")
linear, square, cube = (gaussian.activation(name) for name in ("linear", "monomial:2", "monomial:3"))
fourth, sine, relu = (gaussian.activation(name) for name in ("monomial:4", "sin", "relu"))

for _ in range(2):
    p, q = t.rng.uniform(0.5, 1.5, 2)
    c = np.sqrt(p * q) * t.rng.uniform(0.3, 0.9) * t.rng.choice([-1, 1])
    p, c, q = float(p) + 0.6, float(c), float(q)  # p and q apart: exchanging them shows
    if abs(p - q) < 0.2:
        q += 0.4
    t.close(
        "a polynomial of degree four",
        lambda: gaussian_expectation(cube, linear, p, c, q, 4),
        3 * p * c,
        rtol=1e-5,
        mistakes={
            "the variances are halved: the physicists' nodes need a factor √2": 0.75 * p * c,
            "2π times too large: the weights do not sum to one": 6 * np.pi * p * c,
            "π times too large: the weights do not sum to one": 3 * np.pi * p * c,
            "one variable's weights do not sum to one": 3 * np.sqrt(2 * np.pi) * p * c,
            "one variable's weights do not sum to one (physicists' rule)": 3 * np.sqrt(np.pi) * p * c,
            "u and v are independent in your answer: v must carry Kxz": 0.0,
            "one normal variable for both: v has a part of its own": 3 * np.sign(c) * p**1.5 * q**0.5,
            "f is used for both variables": 9 * p * q * c + 6 * c**3,
            "g is used for both variables": c,
            "Kxx and Kzz are exchanged": 3 * q * c,
            "Kxz is used as a correlation: it is a covariance": 3 * p**1.5 * q**0.5 * c,
            "the variance is used as a standard deviation": 3 * p**2.5 * q**0.5 * c,
        },
    )
    t.close(
        "two even powers",
        lambda: gaussian_expectation(square, square, p, c, q, 3),
        p * q + 2 * c**2,
        rtol=1e-5,
        mistakes={
            "u and v are independent in your answer": p * q,
            "one normal variable for both: v has a part of its own": 3 * p * q,
            "v lacks the part that is independent of u": 3 * c**2,
        },
    )
    t.close(
        "sine against a power",
        lambda: gaussian_expectation(sine, linear, p, c, q, 50),
        c * np.exp(-p / 2),
        rtol=1e-5,  # at order 50 the rule errs by less than 1e-12 for variances up to 2.5
    )
    t.close(
        "too few nodes: the rule's own value, not the exact one",
        lambda: gaussian_expectation(fourth, square, p, 0.0, q, 2),
        p**2 * q,
        rtol=1e-5,
        mistakes={"`order` has no effect: use exactly `order` nodes in each variable": 3 * p**2 * q},
    )

p, q = (float(v) for v in t.rng.uniform(0.5, 1.0, 2))
c = 0.6 * float(np.sqrt(p * q))
for name in ("erf", "tanh"):
    sigma = gaussian.activation(name)
    wanted = gaussian_expectations(sigma, np.array([p]), np.array([[c]]), np.array([q]))[0][0, 0]
    # at order 80 and variances up to 1 every choice of basis agrees to 1e-6
    t.close(f"a smooth activation: {name}", lambda: gaussian_expectation(sigma, sigma, p, c, q, 80), wanted, rtol=1e-5)
wanted = gaussian_expectations(relu, np.array([p]), np.array([[c]]), np.array([q]))[0][0, 0]
t.close(
    "ReLU, where the rule errs by less than 1 %",
    lambda: gaussian_expectation(relu, relu, p, c, q, 100),
    wanted,
    rtol=2e-2,
)


def gives_an_answer(*arguments):
    try:
        gaussian_expectation(*arguments)
    except ValueError:
        return False
    return True


t.holds(
    "parallel x and z: an answer at all",
    lambda: gives_an_answer(cube, linear, p, p, p, 5),
    "no Cholesky factor: the covariance is singular when x and z are parallel",
)
for beyond in (1.0, 1 + 3e-15, 1 + 1e-14):
    p, scale = (float(v) for v in t.rng.uniform(0.3, 2.0, 2))
    t.close(
        "parallel x and z",
        lambda: gaussian_expectation(cube, linear, p, scale * p * beyond, scale**2 * p, 5),
        3 * scale * p**2,
        rtol=1e-5,
        mistakes={"nan for parallel x and z: take the positive part of the radicand": np.nan},
    )
t.close(
    "Kxx = 0",
    lambda: gaussian_expectation(sine, linear, 0.0, 0.0, p, 6),
    0.0,
    atol=1e-6,
    mistakes={"nan when Kxx = 0: do not divide by it": np.nan},
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="gaussian_expectation"
# <details><summary>Hint 1 · concept</summary>
#
# Never integrate over correlated variables: make them from independent ones. First a grid of all pairs of nodes $(s,
# t)$, each pair with weight $w_s w_t$. Then $u$ and $v$ on that grid. Then the weighted sum of the products. Ask of
# every rule: do its weights sum to one, and do its nodes have variance one?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $\mathbb E[f(u)g(v)] \approx \sum_{q, r} w_q w_r\, f(u_{qr})\, g(v_{qr})$ with normalised weights. Let $s$ be the
# nodes as a column, `(order, 1)`, and $t$ the same nodes as a row, `(1, order)`: then $u, v$ and the products are
# `(order, order)`, and the double sum is weights · table · weights. With the physicists' rule the nodes are
# multiplied by $\sqrt 2$ and its weights divided by $\sqrt\pi$; with the probabilists' rule, the nodes stay and the
# weights are divided by $\sqrt{2\pi}$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Get nodes and weights from `hermegauss`; divide the weights by their sum. If `Kxx` is positive, the coefficient of
# `s` in `v` is `Kxz` over the root of `Kxx`, else 0. The coefficient of `t` is the root of `Kzz` minus that
# coefficient squared; `max(..., 0.0)` inside the root. Evaluate `f.f` and `g.f` on the grids, multiply, and put the
# weight vector on both sides with `@`.
#
# </details>

# %% [markdown]
# ### See it: any activation
#
# You now hold the kernel of *every* two-layer network. Take tanh instead of ReLU: the two expectations need $\sigma$ and
# $\sigma'$, which are both smooth, and a network of width 200,000 agrees to the accuracy that its width allows.

# %% role="demo" name="tanh"
tanh = gaussian.activation("tanh")
slope = gaussian.activation(tanh.derivative)  # σ′ is a function like any other
x, z = np.array([1.0, 0.5, -0.3]), np.array([0.2, 0.8, 0.4])
variances = x @ x, x @ z, z @ z
formula = x @ z * gaussian_expectation(slope, slope, *variances, 60) + gaussian_expectation(tanh, tanh, *variances, 60)
a, B = random_network(200_000, 3, seed=0)
units = tanh.f(B @ x) * tanh.f(B @ z) + a**2 * (x @ z) * slope.f(B @ x) * slope.f(B @ z)
print(f"formula {formula:.5f}, network {units.mean():.5f} ± {units.std() / np.sqrt(len(a)):.5f}")

# %% [markdown]
# ### See it: kinks are expensive
#
# The same rule, twice: for the sine, where a few nodes give every digit, and for ReLU, whose kink no polynomial can
# follow.

# %% role="figure" name="quadrature"
orders = np.arange(2, 41, 2)
known = {"sin": np.exp(-1) * np.sinh(0.5), "relu": (np.sqrt(3) / 2 + np.pi / 3) / (2 * np.pi)}
fig, ax = plt.subplots()
for (name, exact), style in zip(known.items(), ["ko-", "k^:"], strict=True):
    sigma = gaussian.activation(name)
    errors = [abs(gaussian_expectation(sigma, sigma, 1.0, 0.5, 1.0, order) - exact) for order in orders]
    ax.semilogy(orders, np.maximum(errors, 1e-17), style, ms=4, label=name)
ax.set(xlabel="nodes per variable", ylabel="error of E[σ(u) σ(v)]", title="variances 1, covariance 1/2")
ax.legend()
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Error against number of nodes on a logarithmic scale. The line for the sine falls steeply to rounding error, below 1e-15, at 16 nodes. The dotted line for ReLU falls slowly, from about 4e-2 at 2 nodes to about 1.5e-3 at 40.](quadrature.png)
#
# Where the picture shows "sin" at the bottom, rounding is all that is left. ReLU still has an error of about one part
# in a thousand after $40^2$ evaluations, and the step $\sigma'$ is worse. For ReLU we want a formula.
#
# </details>

# %% [markdown]
# ## 5 · The formula for ReLU: count the directions
#
# Remember: *a unit counts for a pair only if it is awake at both.* Take the plane that contains $x$ and $z$, and the
# projection of $b$ on it: a Gaussian vector there, so its direction is uniform on the circle. The unit is awake at
# $x$ when that direction lies within 90° of $x$, and awake at $z$ when it lies within 90° of $z$:

# %% role="demo" name="wedge"
theta = np.radians(70)
ax = plt.figure(figsize=(4.2, 4.2)).add_subplot(projection="polar")
ax.bar(0, 1, width=np.pi, color="none", edgecolor="0.6", hatch="///", label="awake at x")
ax.bar(theta, 1, width=np.pi, color="none", edgecolor="0.6", hatch="\\\\\\", label="awake at z")
ax.bar(theta / 2, 1, width=np.pi - theta, color="0.3", alpha=0.45, label="awake at both")
for angle, name in [(0, "x"), (theta, "z")]:
    ax.annotate("", xy=(angle, 1.0), xytext=(0, 0), arrowprops={"arrowstyle": "->", "lw": 2})
    ax.text(angle, 1.1, name, fontsize=13, fontweight="bold", ha="center", va="center")
ax.set(rticks=[], xticks=[], ylim=(0, 1.2), title="directions of b, for an angle θ = 70°")
ax.legend(loc="lower left", bbox_to_anchor=(-0.2, -0.12))
plt.show()

# %% [markdown]
# Two half-planes turned by $\theta$ overlap in a wedge of opening $\pi - \theta$. So
#
# $$\mathbb E[\sigma'(u)\,\sigma'(v)] = \frac{\pi - \theta}{2\pi}, \qquad \cos\theta = \frac{\langle x, z\rangle}{\|x\|\,\|z\|}.$$
#
# For $\mathbb E[\sigma(u)\sigma(v)]$, the same wedge with weights. Write $u = \|x\|\, r\cos\varphi$ and $v = \|z\|\,
# r\cos(\varphi - \theta)$ with $r$ the length and $\varphi$ the direction of the projected $b$. They are independent,
# and $\mathbb E[r^2] = 2$ (two components of variance 1), so
#
# $$\mathbb E[\sigma(u)\,\sigma(v)] = \|x\|\|z\| \cdot \mathbb E[r^2] \cdot \frac{1}{2\pi}\int_{\theta - \pi/2}^{\pi/2} \cos\varphi\,\cos(\varphi - \theta)\,d\varphi.$$
#
# The integral is one line with $\cos\alpha\cos\beta = \frac12[\cos(\alpha - \beta) + \cos(\alpha + \beta)]$; do it.
# These two are the **arc-cosine kernels** of order 0 and 1 (Cho & Saul define them with an extra factor 2: theirs are
# twice ours).
#
# **By hand**: $x = (3, 0)$ and $z = (0, 2)$. $\theta = \pi/2$, so a quarter of all units is awake at both. $u = 3b_1$
# and $v = 2b_2$ are independent, so $\mathbb E[\sigma(u)\sigma(v)] = \mathbb E[\sigma(u)]\,\mathbb E[\sigma(v)] =
# \frac{3}{\sqrt{2\pi}}\cdot\frac{2}{\sqrt{2\pi}} = \frac{3}{\pi}$. Does your integral agree?

# %% [markdown]
# ## Exercise 4 · `arc_cosine_kernels`
#
# Difficulty ●●○ · 25 minutes · 3 points
#
# **Equation**: the two expectations on S2's slide "NTK for a two-layer network", in closed form for ReLU.
#
# | | shape | |
# |---|---|---|
# | `X`, `Z` | `(n, d)`, `(k, d)` | inputs |
# | returns | a pair `(k0, k1)`, each `(n, k)` | $k_0 = \mathbb E[\sigma'(u)\sigma'(v)]$ and $k_1 = \mathbb E[\sigma(u)\sigma(v)]$ with $b \sim \mathcal N(0, I_d)$, no factor 2 |
#
# Two traps. Rounding can make a cosine $1 + 2\cdot 10^{-16}$, and `np.arccos` of that is `nan`. And an input may be
# the zero vector, which has no angle: there $k_1 = 0$, and for $k_0$ any finite number will do (the kernel multiplies
# it by $\langle x, z\rangle = 0$).


# %% role="answer" exercise="arc_cosine_kernels"
def arc_cosine_kernels(X, Z):
    """(k0, k1), each (n, k): E[σ'(u) σ'(v)] and E[σ(u) σ(v)] for ReLU and weights from N(0, I)."""
    ### BEGIN SOLUTION
    norms = np.outer(np.linalg.norm(X, axis=1), np.linalg.norm(Z, axis=1))
    cosine = np.clip((X @ Z.T) / np.where(norms > 0, norms, 1.0), -1.0, 1.0)
    theta = np.arccos(cosine)
    k0 = (np.pi - theta) / (2 * np.pi)
    k1 = norms * (np.sin(theta) + (np.pi - theta) * cosine) / (2 * np.pi)
    return k0, k1
    ### END SOLUTION


# %% role="visible" exercise="arc_cosine_kernels"
t = lab.tests("arc_cosine_kernels")
X, Z = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[3.0, 0.0], [0.0, 1.0], [-1.0, np.sqrt(3)]])
angle, lengths = (
    np.array([[0, np.pi / 2, 2 * np.pi / 3], [np.pi / 2, 0, np.pi / 6]]),
    np.array([[3.0, 1, 2], [6, 2, 4]]),
)
right_k0 = np.array([[1 / 2, 1 / 4, 1 / 6], [1 / 4, 1 / 2, 5 / 12]])
half_root = np.sqrt(3) / 2
right_k1 = np.array([[1.5, 0.5 / np.pi, half_root / np.pi - 1 / 6], [3 / np.pi, 1, 1 / np.pi + half_root * 5 / 3]])
wrong_k1 = np.array([[0, 0.5 / np.pi, half_root / np.pi - 1 / 3], [3 / np.pi, 0, 1 / np.pi + half_root / 3]])
wrong = {
    "He": "twice too large: a quarter of all directions is awake at two orthogonal inputs (k0 = 1/4), not half",
    "theta": "θ where π − θ belongs: parallel inputs (θ = 0) share *all* their awake units, so k0 = 1/2 there",
    "swapped": "the two kernels are exchanged: return k0 (of σ′) first, then k1 (of σ)",
}
t.holds(
    "two matrices",
    lambda: len(arc_cosine_kernels(X, Z)) == 2 and all(np.ndim(k) == 2 for k in arc_cosine_kernels(X, Z)),
    "return both kernels, k0 and k1, each of shape (n, k)",
)
t.close(
    "k0 at angles of 0°, 90°, 120° and 30°",
    lambda: arc_cosine_kernels(X, Z)[0],
    right_k0,
    rtol=1e-3,  # at angle 0 a float32 arccos errs by 1e-3
    mistakes={
        wrong["He"]: 2 * right_k0,
        wrong["theta"]: 0.5 - right_k0,
        wrong["swapped"]: right_k1,
        "k0 is multiplied by the norms: σ′ is 0 or 1, so lengths do not matter": right_k0 * lengths,
        "this is the wedge's angle; k0 is its share of the full circle, 2π": np.pi - angle,
    },
)
t.close(
    "k1 at the same angles",
    lambda: arc_cosine_kernels(X, Z)[1],
    right_k1,
    rtol=1e-3,
    mistakes={
        "k1 lacks the norms: u = ‖x‖ r cos φ scales with its input": right_k1 / lengths,
        wrong["He"]: 2 * right_k1,
        wrong["swapped"]: right_k0,
        wrong["theta"]: wrong_k1,
        "the sign of sin θ is wrong: at 90° k1 is a mean of products of positive numbers, so positive": (
            right_k1 - lengths * np.sin(angle) / np.pi
        ),
        "cos θ is missing beside π − θ": lengths * (np.sin(angle) / (2 * np.pi) + right_k0),
        "sin θ is missing: only the first half of the integral": lengths * right_k0 * np.cos(angle),
        "the norms enter squared": right_k1 * lengths,
        "E[r²] = 2 is missing": right_k1 / 2,
    },
)
X, Z = t.rng.standard_normal((4, 2)), t.rng.standard_normal((3, 2))
around = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)  # the answer, by walking round the circle
U, V = X @ [np.cos(around), np.sin(around)], Z @ [np.cos(around), np.sin(around)]
t.close(
    "k0 is the share of directions awake at both",
    lambda: arc_cosine_kernels(X, Z)[0],
    (U > 0).astype(float) @ (V > 0).T / len(around),
    rtol=0,
    atol=5e-5,  # counting 200,000 directions errs by at most two of them at each end of the wedge
    mistakes={wrong["He"]: 2 * ((U > 0).astype(float) @ (V > 0).T / len(around))},
)
t.close(
    "k1 is E[r²] = 2 times the mean of σσ over directions",
    lambda: arc_cosine_kernels(X, Z)[1],
    2 * np.maximum(U, 0) @ np.maximum(V, 0).T / len(around),
    rtol=1e-5,
    atol=1e-6,
)
X = t.rng.standard_normal((200, 10))
t.holds(
    "200 inputs against themselves",
    lambda: all(np.isfinite(np.asarray(k)).all() for k in arc_cosine_kernels(X, X)),
    "nan on the diagonal: a cosine of 1 + 2e-16 has no arccos; clip it to [−1, 1]",
)
X[3] = 0
t.holds(
    "a zero row",
    lambda: (
        all(np.isfinite(np.asarray(k)).all() for k in arc_cosine_kernels(X, X))
        and not np.asarray(arc_cosine_kernels(X, X)[1])[3].any()
    ),
    "a zero row gives nan: 0/0 is no cosine; divide by 1 there (k1 is 0 all the same)",
)
t.report()

# %% role="hidden" exercise="arc_cosine_kernels" points=3
# Hidden tests: fresh inputs of all lengths, parallel, opposite and zero rows; 300 inputs against themselves.
### BEGIN HIDDEN TESTS
t = lab.tests("arc_cosine_kernels", hidden=True)
arc_cosine = lab.reference("kernels.arc_cosine")
for what, n, k, d in [("fresh inputs", 5, 4, 3), ("many dimensions", 3, 6, 40), ("one input each", 1, 1, 2)]:
    X = t.rng.standard_normal((n, d)) * t.rng.uniform(0.5, 3.0, (n, 1))
    Z = t.rng.standard_normal((k, d)) * t.rng.uniform(0.5, 3.0, (k, 1))
    right_k0, right_k1 = arc_cosine(X, Z, order=0), arc_cosine(X, Z, order=1)
    lengths = np.outer(np.linalg.norm(X, axis=1), np.linalg.norm(Z, axis=1))
    cosine = X @ Z.T / lengths
    angle, sine = np.pi - 2 * np.pi * right_k0, np.sqrt(1 - cosine**2)
    t.close(
        f"k0, {what}",
        lambda: arc_cosine_kernels(X, Z)[0],
        right_k0,
        rtol=1e-4,
        atol=1e-4,  # near θ = π a float32 arccos loses digits of the small share that is left
        mistakes={
            "twice too large: k0 is the share of directions awake at both": 2 * right_k0,
            "θ where π − θ belongs": 0.5 - right_k0,
            "the two kernels are exchanged: k0 first, then k1": right_k1,
            "k0 is multiplied by the norms": right_k0 * lengths,
        },
    )
    t.close(
        f"k1, {what}",
        lambda: arc_cosine_kernels(X, Z)[1],
        right_k1,
        rtol=1e-4,
        atol=1e-5 * lengths.max(),  # near θ = π the closed form is a difference of nearly equal numbers
        mistakes={
            "k1 lacks the norms": right_k1 / lengths,
            "twice too large: no factor 2 here": 2 * right_k1,
            "the two kernels are exchanged: k0 first, then k1": right_k0,
            "θ where π − θ belongs": lengths * (sine + angle * cosine) / (2 * np.pi),
            "the sign of sin θ is wrong": right_k1 - lengths * sine / np.pi,
            "cos θ is missing beside π − θ": lengths * (sine / (2 * np.pi) + right_k0),
            "sin θ is missing": lengths * right_k0 * cosine,
            "the norms enter squared": right_k1 * lengths,
            "E[r²] = 2 is missing": right_k1 / 2,
        },
    )
X = t.rng.standard_normal((300, 9))
t.holds(
    "300 inputs against themselves",
    lambda: all(np.isfinite(np.asarray(k)).all() for k in arc_cosine_kernels(X, X)),
    "nan on the diagonal: clip the cosine to [−1, 1]",
)
X = t.rng.standard_normal((4, 5))
Z = np.vstack([2.5 * X[0], -0.7 * X[1], X[2]])
for place, name in enumerate(["k0", "k1"]):
    t.close(
        f"{name}: parallel and opposite rows",
        lambda place=place: arc_cosine_kernels(X, Z)[place],
        arc_cosine(X, Z, order=place),
        rtol=1e-3,  # float32: a cosine rounded at 1e-7 is an angle off by 5e-4
        atol=1e-3,
    )
X[1], Z[2] = 0.0, 0.0
right_k1 = arc_cosine(X, Z, order=1)
with_nan = right_k1.copy()
with_nan[1], with_nan[:, 2] = np.nan, np.nan
t.close(
    "k1: zero rows",
    lambda: arc_cosine_kernels(X, Z)[1],
    right_k1,
    rtol=1e-3,
    atol=1e-3,
    mistakes={"a zero row gives nan: divide by 1 where the norm is 0": with_nan},
)
t.holds(
    "k0: zero rows",
    lambda: np.isfinite(np.asarray(arc_cosine_kernels(X, Z)[0])).all(),
    "a zero row gives nan or infinity: divide by 1 where the norm is 0",
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="arc_cosine_kernels"
# <details><summary>Hint 1 · concept</summary>
#
# Everything depends on lengths and on one angle. Get the angle from the inner product; be careful where rounding
# pushes the cosine beyond ±1 and where a length is 0. Then $k_0$ is "which share of the circle is the wedge" and
# $k_1$ is the weighted version.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The integral is $\frac12[(\pi - \theta)\cos\theta + \sin\theta]$, so $k_1 = \|x\|\|z\|\,\dfrac{\sin\theta + (\pi -
# \theta)\cos\theta}{2\pi}$ and $k_0 = \dfrac{\pi - \theta}{2\pi}$. The products of lengths, the cosines and the
# angles are all tables of shape `(n, k)`: an outer product of two vectors of norms makes the first.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Norms of rows: `np.linalg.norm(..., axis=1)`, one vector each, then `np.outer`. Cosines: the inner products divided
# by that table, in which `np.where` has put 1 in place of 0; then `np.clip` to the interval from −1 to 1. Angle:
# `np.arccos`. Write the two formulas of hint 2 and return both, `k0` first.
#
# </details>

# %% [markdown]
# ## 6 · The formula on the slides
#
# Put the two pieces together, $\langle x, z\rangle\, k_0 + k_1$, and you have the kernel of an infinitely wide ReLU
# network. The slide "One hidden layer ReLU NTK" prints it ready-made, for the weights of this lab, as $k(x, z) =
# \|x\|\,\|z\|\;\kappa(\xi)$ with $\xi = \cos\theta$ and
#
# $$\kappa(\xi) = \frac{2\xi}{\pi}\,\bigl(\pi - \arccos\xi\bigr) + \frac{\sqrt{1 - \xi^2}}{\pi}.$$
#
# Code it exactly as printed. Then we will hold it against your networks.

# %% [markdown]
# ## Exercise 5 · `relu_kappa`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# **Equation**: $\kappa$ as above, in **its printed normalisation**; S2, slide "One hidden layer ReLU NTK".
#
# | | shape | |
# |---|---|---|
# | `xi` | any shape: a number, `(n,)`, `(n, k)`, … | cosines; rounding may have pushed them a little beyond ±1 |
# | returns | same shape | $\kappa(\xi)$, never `nan` |


# %% role="answer" exercise="relu_kappa"
def relu_kappa(xi):
    """The slides' κ(ξ), as printed, for an array of cosines of any shape."""
    ### BEGIN SOLUTION
    xi = np.clip(xi, -1.0, 1.0)
    return (2 * xi * (np.pi - np.arccos(xi)) + np.sqrt(1 - xi**2)) / np.pi
    ### END SOLUTION


# %% role="visible" exercise="relu_kappa"
t = lab.tests("relu_kappa")
xi = np.array([1.0, 0.5, 0.0, -0.5, -1.0])  # arccos: 0, π/3, π/2, 2π/3, π
first = np.array([2, 2 / 3, 0, -1 / 3, 0])
second = np.array([0, np.sqrt(3) / 2, 1, np.sqrt(3) / 2, 0]) / np.pi
kappa = first + second
t.close(
    "ξ = 1, 1/2, 0, −1/2, −1 by hand",
    lambda: relu_kappa(xi),
    kappa,
    rtol=1e-5,
    atol=1e-6,  # arccos near ±1 magnifies rounding to 1e-8
    mistakes={
        "every value is half of the printed formula: write κ as the slide prints it, κ(1) = 2 (why half is tempting: "
        "read on)": kappa / 2,
        "the first term has lost its 2: it is 2ξ/π, not ξ/π": first / 2 + second,
        "arccos ξ where π − arccos ξ belongs": 2 * xi - first + second,
        "arcsin in place of arccos": np.array([1, 5 / 6, 0, -7 / 6, -3]) + second,
        "the root over 1 − ξ² is missing": first + np.array([0, 3 / 4, 1, 3 / 4, 0]) / np.pi,
        "the sign of the second term is wrong": first - second,
        "only the first term: √(1 − ξ²)/π is missing": first,
        "the factor ξ is missing in the first term": np.array([2, 4 / 3, 1, 2 / 3, 0]) + second,
        "1/π is missing in the second term": first + np.pi * second,
    },
)
t.close(
    "a table of cosines keeps its shape", lambda: relu_kappa(np.zeros((2, 3))), np.full((2, 3), 1 / np.pi), rtol=1e-5
)
t.close("a single number", lambda: relu_kappa(0.5), kappa[1], rtol=1e-5)
over = np.array([1 + 2e-16, 1 + 1e-15, -1 - 2e-16, -1 - 1e-15])
t.holds(
    "cosines beyond ±1 by rounding",
    lambda: np.isfinite(np.asarray(relu_kappa(over))).all(),
    "nan just beyond ±1: clip ξ to [−1, 1] before arccos and the root",
)
xi = t.rng.uniform(-1, 1, 50)
t.close(
    "κ(ξ) − κ(−ξ) = 2ξ",
    lambda: np.asarray(relu_kappa(xi)) - np.asarray(relu_kappa(-xi)),
    2 * xi,
    rtol=1e-5,
    atol=1e-6,
)
t.report()

# %% role="hidden" exercise="relu_kappa" points=2
# Hidden tests: fresh cosines in several shapes, the two ends, and rounding beyond them.
### BEGIN HIDDEN TESTS
t = lab.tests("relu_kappa", hidden=True)
reference = lab.reference("kernels.relu_kappa")
for shape in [(20,), (4, 3), (2, 1, 5)]:
    xi = t.rng.uniform(-1, 1, shape)
    kappa = reference(xi, normalization="he")
    t.close(
        f"{len(shape)} axes",
        lambda: relu_kappa(xi),
        kappa,
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "every value is half of the printed formula": kappa / 2,
            "the first term has lost its 2: it is 2ξ/π": kappa - xi * (np.pi - np.arccos(xi)) / np.pi,
            "arccos ξ where π − arccos ξ belongs": (2 * xi * np.arccos(xi) + np.sqrt(1 - xi**2)) / np.pi,
            "arcsin in place of arccos": (2 * xi * (np.pi - np.arcsin(xi)) + np.sqrt(1 - xi**2)) / np.pi,
            "the root over 1 − ξ² is missing": (2 * xi * (np.pi - np.arccos(xi)) + 1 - xi**2) / np.pi,
            "the sign of the second term is wrong": kappa - 2 * np.sqrt(1 - xi**2) / np.pi,
            "only the first term: √(1 − ξ²)/π is missing": kappa - np.sqrt(1 - xi**2) / np.pi,
            "the factor ξ is missing in the first term": (2 * (np.pi - np.arccos(xi)) + np.sqrt(1 - xi**2)) / np.pi,
            "1/π is missing in the second term": kappa + np.sqrt(1 - xi**2) * (1 - 1 / np.pi),
        },
    )
number = float(t.rng.uniform(-0.9, 0.9))
t.close(
    "a single number",
    lambda: relu_kappa(number),
    reference(np.array([number]), normalization="he")[0],
    rtol=1e-5,
    atol=1e-5,
)
ends = np.array([1.0, -1.0]) * (1 + np.array([[0.0], [3e-16], [2e-15]]) * t.rng.uniform(1, 2))
t.close(
    "the ends, and just beyond",
    lambda: relu_kappa(ends),
    np.array([[2.0, 0.0]] * 3),
    rtol=1e-4,
    atol=1e-6,
    mistakes={"nan just beyond ±1: clip ξ first": np.where(np.abs(ends) > 1, np.nan, [[2.0, 0.0]])},
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="relu_kappa"
# <details><summary>Hint 1 · concept</summary>
#
# A formula to copy, with one danger: cosines come out of floating-point divisions, so 1 may arrive as 1.0000000000000002.
# Both `arccos` and the square root answer that with `nan`. Where should you mend it, once for both?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Everything acts entry by entry, so any shape works without a loop. $\kappa(1) = 2$, $\kappa(0) = 1/\pi$, $\kappa(-1) =
# 0$: check these three before you run the tests.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# First replace `xi` by `np.clip` of it, between −1 and 1. Then one expression: twice `xi`, times (π minus the
# arccos), plus the root of one minus `xi` squared; all of it divided by π.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# Now hold three things against each other, for unit vectors at angle $\theta$:
#
# - **the network**: one draw of width 262,144 through your `finite_width_ntk`;
# - **the expectations**: $\cos\theta\; k_0 + k_1$ from your `arc_cosine_kernels`;
# - **the slide**: your `relu_kappa`$(\cos\theta)$.
#
# **Before you run it, write down** (1) what a unit vector's kernel with itself should be. Use $\xi_i$ from section 4:
# how often is a unit awake, what is $\mathbb E[u^2]$ over awake units? (2) The least-squares factor $c$ in "slide =
# $c$ · network".

# %% role="figure" name="kappa"
angles = np.linspace(0, np.pi, 25)
start, half_circle = np.array([[1.0, 0.0]]), np.column_stack([np.cos(angles), np.sin(angles)])
network = finite_width_ntk(*random_network(262_144, 2, seed=1), start, half_circle)[0]
k0, k1 = arc_cosine_kernels(start, half_circle)
expectations, slide = (np.cos(angles) * k0 + k1)[0], relu_kappa(np.cos(angles))
fig, ax = plt.subplots()
ax.plot(np.degrees(angles), network, "ko", mfc="white", label="one network, width 262,144")
ax.plot(np.degrees(angles), expectations, "k-", lw=1.2, label="expectations, cos θ · k0 + k1")
ax.plot(np.degrees(angles), slide, "k--", lw=1.8, label="κ as the slide prints it")
ax.set(xlabel="angle θ in degrees", ylabel="kernel of two unit vectors", xticks=range(0, 181, 45))
ax.legend()
plt.show()
print(f"slide = c · network, least squares: c = {slide @ network / (network @ network):.3f}")
print(f"slide = c · expectations:           c = {slide @ expectations / (expectations @ expectations):.12f}")

# %% [markdown]
# <details><summary>Compare with the expected picture (open after running)</summary>
#
# ![Kernel against angle from 0 to 180 degrees. Circles from one network lie on a solid line, the expectations, that falls from 1 to 0 and dips slightly below zero near 150 degrees. A dashed line, the slide's kappa, starts at 2 and is everywhere twice as high.](kappa.png)
#
# The network agrees with the expectations, and the slide is **exactly twice** both. Nothing is wrong with the *shape*.
# The slide "NTK for a two-layer network" says that all weights are $\mathcal N(0, 1)$; the formula on the next slide
# belongs to a network whose kernel is twice as large. Which one? Scale the network: $h \to c\,h$ multiplies every
# gradient by $c$ and the kernel by $c^2$. So the printed $\kappa$ is the kernel of
#
# $$h(x) = \sqrt{\frac{2}{m}}\;\sum_i a_i\,\sigma(\langle b_i, x\rangle),$$
#
# the **He normalisation**: since ReLU silences half of its inputs, $\mathbb E[\sigma(u)^2] = \frac12\mathbb E[u^2]$,
# a factor $\sqrt 2$ keeps the signal's size from layer to layer. It is the more useful convention for deep networks
# (lab 7 shows why). It just is not the one the slides announce. So nobody made a sign error, and nobody notices,
# because for plain kernel regression the factor cancels: $K_{\text{test}}K_{\text{train}}^{-1}y$ does not change when
# $K$ doubles. You will say below when it *does* matter.
#
# Whenever you meet a printed kernel, ask it for $k(x, x)$ at $\|x\| = 1$. One number tells you the normalisation:
#
# | | $k(x, x)$ for $\lVert x\rVert = 1$ |
# |---|---|
# | $\mathcal N(0, 1)$ weights, this lab's network; `normalization="gaussian"` in ntklab | 1 |
# | He, the printed $\kappa$; `normalization="he"` in ntklab | 2 |
# | S1, chapter 10, with $C_W = 2$, $C_b = 0$ and one hidden layer (inner products over $d$) | $4/d$ |
# | only the inner layer trained, $\mathcal N(0, 1)$ weights (Arora et al. 2019, whose bound is on the slides of section 4) | 1/2 |
#
# </details>

# %% [markdown]
# ## 7 · Any length, and the zero vector
#
# ReLU does not mind scale: $\sigma(c z) = c\,\sigma(z)$ for $c \ge 0$. So the kernel of inputs of any length follows
# from the one of unit vectors: $k(x, z) = \|x\|\,\|z\|\,\kappa(\xi)$. **By hand**: $x = (1, 0)$ and $z = (1, \sqrt 3)$:
# lengths 1 and 2, $\xi = \frac12$, so $k = 1\cdot 2\cdot\kappa(\frac12) = 2\bigl(\frac23 + \frac{\sqrt 3}{2\pi}\bigr)
# \approx 1.885$.

# %% [markdown]
# ## Exercise 6 · `relu_ntk`
#
# Difficulty ●●○ · 15 minutes · 3 points
#
# **Equation**: $k(x, z) = \|x\|\,\|z\|\,\kappa\bigl(\frac{\langle x, z\rangle}{\|x\|\|z\|}\bigr)$, S2, slide "One
# hidden layer ReLU NTK", in **its printed (He) normalisation**, so that $k(x, x) = 2\|x\|^2$.
#
# | | shape | |
# |---|---|---|
# | `X`, `Z` | `(n, d)`, `(m, d)` | inputs; zero rows allowed: the kernel with a zero vector is 0 |
# | returns | `(n, m)` | the kernel matrix |


# %% role="answer" exercise="relu_ntk"
def relu_ntk(X, Z):
    """Kernel (n, m) of the infinitely wide two-layer ReLU network, printed (He) normalisation: k(x, x) = 2‖x‖²."""
    ### BEGIN SOLUTION
    lengths = np.outer(np.linalg.norm(X, axis=1), np.linalg.norm(Z, axis=1))
    return lengths * relu_kappa(X @ Z.T / np.where(lengths > 0, lengths, 1.0))
    ### END SOLUTION


# %% role="visible" exercise="relu_ntk"
t = lab.tests("relu_ntk")
X = np.array([[1.0, 0, 0], [0, 2, 0]])
Z = np.array([[3.0, 0, 0], [-2, 0, 0], [1, np.sqrt(3), 0]])
lengths, root = np.array([[3.0, 2, 2], [6, 4, 4]]), np.sqrt(3)
kappa = np.array([[2, 0, 2 / 3 + root / (2 * np.pi)], [1 / np.pi, 1 / np.pi, 5 * root / 6 + 1 / (2 * np.pi)]])
printed = lengths * kappa
t.close(
    "angles of 0°, 180°, 60°, 90° and 30°, by hand",
    lambda: relu_ntk(X, Z),
    printed,
    rtol=1e-3,  # at 0° a float32 arccos errs by 1e-3
    atol=1e-5,
    mistakes={
        "half of the printed kernel: that is the N(0, 1) normalisation; here k(x, x) = 2‖x‖²": printed / 2,
        "the norms in front are missing: only κ(cos θ)": kappa,
        "the norms enter squared": lengths * printed,
        "the kernel is divided by d: here inner products are taken as they are": printed / 3,
        "only one of the two norms stands in front (X's)": kappa * np.array([[1.0], [2.0]]),
        "only one of the two norms stands in front (Z's)": kappa * np.array([[3.0, 2.0, 2.0]]),
        "κ gets ⟨x, z⟩ instead of the cosine: divide by both norms first": (
            lengths * np.array([[2, 0, 2], [1 / np.pi, 1 / np.pi, 2]])  # 3, −2, 1; 0, 0, 2√3, clipped
        ),
        "rows and columns are exchanged: rows belong to X": printed.T,
    },
)
X, Z = t.rng.standard_normal((4, 6)), t.rng.standard_normal((5, 6))
turn = np.linalg.qr(t.rng.standard_normal((6, 6)))[0]
t.close(
    "turning all inputs changes nothing",
    lambda: relu_ntk(X @ turn, Z @ turn),
    lambda: relu_ntk(X, Z),
    rtol=1e-3,
    atol=1e-5,
)
t.close("the diagonal is 2‖x‖²", lambda: np.diagonal(np.asarray(relu_ntk(X, X))), 2 * np.sum(X**2, axis=1), rtol=1e-3)
X[2] = 0.0
t.holds(
    "a zero row",
    lambda: np.isfinite(np.asarray(relu_ntk(X, Z))).all() and not np.asarray(relu_ntk(X, Z))[2].any(),
    "a zero row gives nan: 0/0 is no cosine. Divide by 1 there; the norm in front makes the entry 0",
)
t.report()

# %% role="hidden" exercise="relu_ntk" points=3
# Hidden tests: fresh inputs of all lengths; parallel, opposite and zero rows; 200 inputs against themselves.
### BEGIN HIDDEN TESTS
t = lab.tests("relu_ntk", hidden=True)
two_layer_ntk, kappa = lab.reference("kernels.two_layer_ntk"), lab.reference("kernels.relu_kappa")
for what, n, m, d in [("fresh inputs", 5, 4, 3), ("many dimensions", 3, 6, 50), ("one input each", 1, 1, 4)]:
    X = t.rng.standard_normal((n, d)) * t.rng.uniform(1.2, 4.0, (n, 1))
    Z = t.rng.standard_normal((m, d)) * t.rng.uniform(1.2, 4.0, (m, 1))
    printed = two_layer_ntk(X, Z, activation="relu", normalization="he")
    rows, columns = np.linalg.norm(X, axis=1)[:, None], np.linalg.norm(Z, axis=1)[None, :]
    t.close(
        what,
        lambda: relu_ntk(X, Z),
        printed,
        rtol=1e-4,
        atol=1e-5 * (rows * columns).max(),  # near 180° two terms cancel
        mistakes={
            "half of the printed kernel: here k(x, x) = 2‖x‖²": printed / 2,
            "the norms in front are missing": printed / (rows * columns),
            "the norms enter squared": printed * rows * columns,
            "the kernel is divided by d": printed / d,
            "κ gets ⟨x, z⟩ instead of the cosine": (
                rows * columns * kappa(np.clip(X @ Z.T, -1, 1), normalization="he")
            ),
            "only X's norm stands in front": printed / columns,
            "only Z's norm stands in front": printed / rows,
            "rows and columns are exchanged": printed.T,
        },
    )
X = t.rng.standard_normal((200, 7))
t.close(
    "200 inputs against themselves",
    lambda: np.diagonal(np.asarray(relu_ntk(X, X))),
    2 * np.sum(X**2, axis=1),
    rtol=1e-3,
    mistakes={"half of the printed kernel": np.sum(X**2, axis=1)},
)
X = t.rng.standard_normal((5, 4))
Z = np.vstack([1.7 * X[0], -0.6 * X[1], X[2]])
X[4], Z[2] = 0.0, 0.0
printed = two_layer_ntk(X, Z, activation="relu", normalization="he")
with_nan = printed.copy()
with_nan[4], with_nan[:, 2] = np.nan, np.nan
t.close(
    "parallel, opposite and zero rows",
    lambda: relu_ntk(X, Z),
    printed,
    rtol=1e-3,
    atol=1e-3 * np.abs(printed).max(),
    mistakes={"a zero row gives nan: divide by 1 where the norm is 0": with_nan},
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="relu_ntk"
# <details><summary>Hint 1 · concept</summary>
#
# Two jobs: turn inner products into cosines for `relu_kappa`, and put the lengths back in front. For a zero vector
# the cosine does not exist, but the length in front is 0, so any finite cosine gives the right answer.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The table of $\|x_j\|\|z_l\|$ is an outer product, `(n, m)`. The cosines are `X @ Z.T` divided by it, entry by
# entry. Where the table is 0, divide by something else. `relu_kappa` takes the whole table at once.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Norms of rows with `axis=1`, then `np.outer`. A copy of that table with `np.where` putting 1 where it is 0: divide
# the inner products by the copy, hand the result to your `relu_kappa`, and multiply by the *original* table.
#
# </details>

# %% [markdown]
# ## 8 · Real images
#
# Now the promise of the first paragraph, on real data: 64 handwritten digits of 8 × 8 pixels, scaled to length 1,
# sorted by class. On the left the kernel of one small network, in the middle a wide one, on the right the formula,
# which knows nothing of any network. (The networks have $\mathcal N(0, 1)$ weights, so hold them against `relu_ntk` **divided
# by 2**.)

# %% role="figure" name="digits"
images, digit = datasets.digits()
first = np.argsort(digit[:64], kind="stable")
images, digit = images[first], digit[first]
formula = relu_ntk(images, images) / 2
panels = {
    f"one network, width {width:,}": finite_width_ntk(*random_network(width, 64, 3), images, images)
    for width in (32, 8192)
}
panels["the formula"] = formula
fig, axes = plt.subplots(1, 3, figsize=(9.5, 3.4), sharey=True)
for ax, (title, kernel) in zip(axes, panels.items(), strict=True):
    shown = ax.imshow(kernel, cmap="gray", vmin=0.25, vmax=1.1)
    ticks = [int(np.mean(np.flatnonzero(digit == c))) for c in range(10)]
    ax.set(title=title, xlabel="digit", xticks=ticks, yticks=ticks, xticklabels=range(10), yticklabels=range(10))
    ax.grid(visible=False)
axes[0].set(ylabel="digit")
fig.colorbar(shown, ax=axes, label="kernel", shrink=0.8)
plt.show()
for title, kernel in panels.items():
    print(f"{title:26s}  relative error {np.linalg.norm(kernel - formula) / np.linalg.norm(formula):.3f}")

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Three grey-scale kernel matrices of 64 digits sorted by class. The one from a network of width 32 is noisy, with dark stripes. Those from a network of width 8192 and from the formula look the same: bright blocks along the diagonal, where two images show the same digit.](digits.png)
#
# Two images of the same digit are "similar" to this kernel, two different digits less so. Nothing has been trained: a
# random network already contains this notion of similarity. And at width 8192 you need the printed number to tell it
# from the formula.
#
# </details>
#
# How fast does the error fall? The central limit theorem promised $1/\sqrt m$: on log–log axes a line of slope
# $-\frac12$. Measuring a slope is a small skill of its own.

# %% [markdown]
# ## Exercise 7 · `convergence_slope`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# If $\text{error} = C\, m^{p}$ then $\log\text{error} = \log C + p\log m$. Fit that line by **least squares through
# all points** and return $p$. **Equation**: the central limit theorem of section 4 (S1, footnote 50) predicts $p = -\frac12$
# for the kernel.
#
# | | shape | |
# |---|---|---|
# | `widths`, `errors` | `(k,)`, positive | arrays or lists, in any order |
# | returns | a number | the slope $p$; negative when errors fall |
#
# **By hand**: widths 10, 100, 1000, 10000 with errors 1, 1, 0.1, 0.1. In powers of ten: $(1, 0), (2, 0), (3, -1), (4, -1)$.
# With $\bar x = 2.5$, $p = \sum(x - \bar x)\,y\,/\sum(x - \bar x)^2 = (0 + 0 - 0.5 - 1.5)/5 = -0.4$. (First to last
# point alone would say $-\frac13$.)


# %% role="answer" exercise="convergence_slope"
def convergence_slope(widths, errors):
    """Least-squares slope of log(errors) against log(widths)."""
    ### BEGIN SOLUTION
    slope, _ = np.polyfit(np.log(widths), np.log(errors), deg=1)
    return float(slope)
    ### END SOLUTION


# %% role="visible" exercise="convergence_slope"
t = lab.tests("convergence_slope")
widths, errors = np.array([10.0, 100, 1000, 10000]), np.array([1.0, 1.0, 0.1, 0.1])
log_w, log_e = np.log(widths), np.log(errors)
t.close(
    "the example by hand",
    lambda: convergence_slope(widths, errors),
    -0.4,
    rtol=1e-5,
    mistakes={
        "the sign is wrong: errors that fall have a negative slope": 0.4,
        "the axes are exchanged: this is the slope of log width against log error": -2.0,
        "one over the slope": -2.5,
        "only the first and the last point are used: least squares uses all": -1 / 3,
        "log of the errors only: widths need the logarithm too": np.polyfit(widths, log_e, 1)[0],
        "log of the widths only: errors need the logarithm too": np.polyfit(log_w, errors, 1)[0],
        "no logarithms: fit the line in log–log": np.polyfit(widths, errors, 1)[0],
        "two different logarithms: the same base for both": np.polyfit(np.log2(widths), log_e, 1)[0],
        "two different logarithms: use the same base for both": np.polyfit(np.log10(widths), log_e, 1)[0],
        "two different logarithms, natural and base 10": np.polyfit(log_w, np.log10(errors), 1)[0],
        "this is the intercept: polyfit returns the slope first": np.polyfit(log_w, log_e, 1)[1],
        "the mean of errors over widths is not a slope": np.mean(errors / widths),
        "the mean of log error over log width: the line need not pass through the origin": np.mean(log_e / log_w),
        "the line is forced through the origin: fit an intercept as well": log_w @ log_e / (log_w @ log_w),
        "log(error)/log(width) of the last point: a slope needs differences": log_e[-1] / log_w[-1],
    },
)
t.close("an exact power law", lambda: convergence_slope([4, 16, 256], [3.0, 0.75, 0.75 / 16]), -1.0, rtol=1e-5)
t.report()

# %% role="hidden" exercise="convergence_slope" points=2
# Hidden tests: noisy power laws with fresh exponents, falling and rising; lists; two points; widths in any order.
### BEGIN HIDDEN TESTS
t = lab.tests("convergence_slope", hidden=True)
for what, power in [("falling", -t.rng.uniform(0.3, 1.4)), ("rising", t.rng.uniform(0.3, 1.4))]:
    widths = t.rng.permutation(2 ** np.arange(4, 12))
    errors = t.rng.uniform(0.2, 5.0) * widths**power * np.exp(0.3 * t.rng.standard_normal(8))
    log_w, log_e = np.log(widths), np.log(errors)
    centred = log_w - log_w.mean()
    slope = centred @ log_e / (centred @ centred)
    t.close(
        f"{what} errors with noise",
        lambda: convergence_slope(widths, errors),
        slope,
        rtol=1e-5,
        mistakes={
            "the sign is wrong": -slope,
            "the axes are exchanged": np.polyfit(log_e, log_w, 1)[0],
            "one over the slope": 1 / slope,
            "only the first and the last point are used": (log_e[-1] - log_e[0]) / (log_w[-1] - log_w[0]),
            "log of the errors only": np.polyfit(widths, log_e, 1)[0],
            "log of the widths only": np.polyfit(log_w, errors, 1)[0],
            "no logarithms": np.polyfit(widths, errors, 1)[0],
            "two different logarithms": slope * np.log(2),
            "two different logarithms, natural and base 10": slope * np.log(10),
            "two different logarithms, base 10 and natural": slope / np.log(10),
            "this is the intercept": np.polyfit(log_w, log_e, 1)[1],
            "the mean of log error over log width": np.mean(log_e / log_w),
            "the line is forced through the origin": log_w @ log_e / (log_w @ log_w),
        },
    )
pair = t.rng.uniform(0.1, 1.0, 2).tolist()
t.close(
    "two points, as lists", lambda: convergence_slope([8, 64], pair), np.log(pair[1] / pair[0]) / np.log(8), rtol=1e-5
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="convergence_slope"
# <details><summary>Hint 1 · concept</summary>
#
# A power law is a straight line once both axes are logarithmic, and the exponent is its slope. So: take logarithms,
# fit a line, keep one of its two numbers.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# With $x = \log m$ and $y = \log\text{error}$, both `(k,)`: $p = \sum_j (x_j - \bar x)\,y_j \big/ \sum_j (x_j - \bar
# x)^2$. The base of the logarithm does not matter, as long as it is the same for both.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Either code hint 2 with `.mean()` and two sums, or call `np.polyfit` on the two logarithms with degree 1; it returns
# two numbers, the slope first.
#
# </details>

# %% [markdown]
# ### Measure it
#
# Twenty networks at each width from $2^5$ to $2^{13}$. Each thin grey line follows one seed; the circles are the root
# mean square over seeds.

# %% role="figure" name="convergence"
widths, seeds = 2 ** np.arange(5, 14), range(20)
kernels = [[finite_width_ntk(*random_network(width, 64, seed), images, images) for width in widths] for seed in seeds]
errors = np.linalg.norm(np.array(kernels) - formula, axis=(2, 3)) / np.linalg.norm(formula)  # (seeds, widths)
rms = np.sqrt(np.mean(errors**2, axis=0))
fig, ax = plt.subplots()
ax.loglog(widths, errors.T, color="0.75", lw=0.8)
ax.loglog(widths, rms, "ko", label=f"rms over 20 seeds: slope {convergence_slope(widths, rms):.3f}")
ax.loglog(widths, rms[0] * np.sqrt(widths[0] / widths), "k--", lw=1, label="slope −1/2")
ax.set(xlabel="width m", ylabel="relative error of the kernel", title="64 digits: finite network to formula")
ax.legend()
plt.show()
one_by_one = [convergence_slope(widths, error) for error in errors]
print(f"slopes of the single seeds: {np.mean(one_by_one):.3f} ± {np.std(one_by_one):.3f}")

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Log-log plot of the relative kernel error against width from 32 to 8192. Grey lines of single networks zigzag. Black circles, their root mean square, follow the dashed line of slope minus one half from about 0.36 down to about 0.022.](convergence.png)
#
# The rms has slope $-0.5$ within a few hundredths. A *single* seed's slope scatters by about $0.08$, so one run that
# says $-0.58$ or $-0.42$ says nothing against the theory. And if you forget the factor 2? Replace `formula` by `2 *
# formula` and run again: the error stops falling at $\frac12$ and the slope goes to 0. **A wrong constant looks like
# a failed limit.**
#
# </details>
#
# ### Turn the knob
#
# All in one picture: ten networks of the chosen width against the formula, along the half circle.


# %% role="figure" name="slider"
def draw(width):
    angles = np.linspace(0, np.pi, 121)
    start, half_circle = np.array([[1.0, 0.0]]), np.column_stack([np.cos(angles), np.sin(angles)])
    fig, ax = plt.subplots(figsize=(5, 3.2))
    for seed in range(10):
        profile = finite_width_ntk(*random_network(width, 2, seed), start, half_circle)[0]
        ax.plot(np.degrees(angles), profile, color="0.6", lw=0.8)
    ax.plot(np.degrees(angles), relu_ntk(start, half_circle)[0] / 2, "k-", lw=2, label="formula")
    ax.set(xlabel="angle θ in degrees", ylabel="kernel", ylim=(-0.7, 1.9), xticks=[0, 90, 180])
    ax.legend()
    return fig


lab.slider(
    draw,
    width=[8, 64, 512, 4096],
    alt="Kernels of ten random networks along the half circle, at widths 8 to 4096, closing in on the formula",
)

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Four panels for widths 8, 64, 512 and 4096. Ten thin grey curves each: widely scattered at width 8, almost hidden under the thick black curve of the formula at width 4096.](slider.png)
#
# </details>

# %% [markdown]
# ## 9 · The same thing, seen as random features
#
# S1 tells this story in another language, worth knowing because most papers use it. Freeze the inner weights and
# train only the outer ones: the network is a linear model in the **random features** $\hat\phi_i(x) = \sigma(\langle
# b_i, x\rangle)$, (10.134), with the stochastic kernel $\frac1m\sum_i\hat\phi_i(x)\hat\phi_i(z)$, (10.135), whose
# mean is $\mathbb E[\sigma\sigma]$, (10.136): your $k_1$. At infinite width this is exact Bayesian inference, with
# a smaller set of features than gradient descent on the whole network has. Train *all* weights and the features are all
# derivatives, (10.137). Their kernel is the stochastic NTK, (10.140), which at infinite width is frozen, (10.141): your
# $\langle x, z\rangle k_0 + k_1$.
#
# | what is trained | features | kernel at infinite width | your function |
# |---|---|---|---|
# | outer weights $a$ | $\sigma(\langle b_i, x\rangle)$ | $k_1$ | `arc_cosine_kernels(X, Z)[1]` |
# | inner weights $b$ | $a_i\,\sigma'(\langle b_i, x\rangle)\,x$ | $\langle x, z\rangle\,k_0$ | `X @ Z.T * arc_cosine_kernels(X, Z)[0]` |
# | all | both | the sum | `relu_ntk(X, Z) / 2` |
#
# Self-averaging, made visible: one entry of the kernel, for two digits, over 400 networks at each width. The central
# limit theorem even knows the width of the histogram: it is $\sqrt{\mathrm{Var}(\xi)/m}$, and $\mathrm{Var}(\xi)$ is
# a property of a *single* unit, which the cell estimates once.

# %% role="figure" name="self-averaging"
x, z = images[:1], images[-1:]
a, B = random_network(200_000, 64, seed=5)
one_unit = np.maximum(B @ x[0], 0) * np.maximum(B @ z[0], 0) + a**2 * (x @ z.T).item() * (B @ x[0] > 0) * (B @ z[0] > 0)
limit = relu_ntk(x, z).item() / 2
fig, axes = plt.subplots(1, 3, figsize=(9, 3.0), sharex=True)
for ax, width in zip(axes, [64, 256, 1024], strict=True):
    draws = [finite_width_ntk(*random_network(width, 64, seed), x, z).item() for seed in range(400)]
    grid = np.linspace(limit - 0.45, limit + 0.45, 200)
    spread = one_unit.std() / np.sqrt(width)
    ax.hist(draws, bins=24, density=True, color="0.8", edgecolor="0.5")
    ax.plot(grid, np.exp(-((grid - limit) ** 2) / (2 * spread**2)) / (spread * np.sqrt(2 * np.pi)), "k-")
    ax.axvline(limit, color="k", ls="--", lw=1)
    ax.set(title=f"width {width}: s.d. {np.std(draws):.3f}, theory {spread:.3f}", xlabel="kernel of two digits")
    ax.title.set_fontsize(9)
axes[0].set(ylabel="density")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Three histograms of one kernel entry over 400 random networks, of widths 64, 256 and 1024. Each is centred on the dashed line of the formula and follows the drawn normal curve; each is half as wide as the one before.](self-averaging.png)
#
# Four times the width, half the spread. The dashed line is the formula. At infinite width the histogram is a spike,
# and the word "random" can be dropped from "random features".
#
# </details>

# %% [markdown]
# ## 10 · As wide as your machine allows
#
# A width-$m$ kernel is a mean over units. So the kernel of a *very* wide network needs no more memory than a narrow
# one: compute it in chunks of units and average the chunks. The next cell does that with your `finite_width_ntk`, on
# a GPU where there is one (all 1,797 digits, up to half a million units), else on the CPU (100 digits, up to 32,768
# units). It works on the GPU only if you kept to the shared operators; it says so if not.

# %% role="gpu" name="wide-networks"
import torch

device = networks.default_device()
n_images = networks.pick_size(cpu=100, cuda=1797)
chunk, chunks, n_networks = 2048, networks.pick_size(cpu=16, cuda=256), 8
dtype = torch.float32 if device.type == "mps" else torch.float64  # MPS has no float64


def put(array):
    return array if device.type == "cpu" else torch.as_tensor(array, dtype=dtype, device=device)


def one_chunk(seed):
    a, B = random_network(chunk, 64, seed)
    return finite_width_ntk(put(a), put(B), many, many)


def running_errors(network):
    """Relative errors of one network's kernel after 1, 2, 4, 8, ... chunks of its units."""
    total, errors = 0.0, []
    for i in range(chunks):
        total = total + one_chunk(10_000 * (network + 1) + i)
        if (i + 1) & i == 0:
            errors.append(float(((total / (i + 1) - target) ** 2).sum() / (target**2).sum()) ** 0.5)
    return errors


images_here = datasets.digits()[0][:n_images]
many, target = put(images_here), put(relu_ntk(images_here, images_here) / 2)
try:
    one_chunk(0)
except (TypeError, RuntimeError, AttributeError) as problem:
    print(f"finite_width_ntk does not take tensors on {device} ({type(problem).__name__}): staying on the CPU")
    device, chunks, images_here = torch.device("cpu"), 16, images_here[:100]
    many, target = images_here, relu_ntk(images_here, images_here) / 2

wide_errors = np.array([running_errors(network) for network in range(n_networks)])

# %% role="gpu" name="widths"
wide_rms, wide = np.sqrt(np.mean(wide_errors**2, axis=0)), chunk * 2 ** np.arange(wide_errors.shape[1])
fig, ax = plt.subplots()
ax.loglog(wide, wide_errors.T, color="0.75", lw=0.8)
ax.loglog(wide, wide_rms, "ks", label=f"rms over {n_networks} networks: slope {convergence_slope(wide, wide_rms):.2f}")
ax.loglog(wide, wide_rms[0] * np.sqrt(wide[0] / wide), "k--", lw=1, label="slope −1/2")
ax.set(xlabel="width m", ylabel="relative error of the kernel", title=f"{len(many)} digits, on {device}")
ax.set_xticks(wide, [f"{w:,}" for w in wide], fontsize=8)
ax.xaxis.minorticks_off()
ax.legend()
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Log-log plot of the relative error of the kernel against the width, from 2048 to 32,768 units. Eight thin grey lines scatter; black squares, their root mean square, follow the dashed line of slope minus one half from about 0.05 to about 0.01.](widths.png)
#
# Twice the units buy a factor $\sqrt 2$: to get one more digit you need a hundred times the width. The formula gives
# all digits for the price of one `arccos`.
#
# </details>

# %% [markdown]
# ## 11 · Check yourself
#
# No points. Choose, and read what comes back; the other choices have something to say as well.

# %% role="quiz" name="outer-only"
lab.quiz(
    "Only the outer weights a are trained; the inner ones stay as drawn. Which kernel does this model have at infinite width?",
    {
        "E[σσ], the arc-cosine kernel k1": (
            "Right. The only features are σ(⟨b, x⟩), (10.134)–(10.136). This is the random feature model, and S1's Bayesian kernel."
        ),
        "⟨x, z⟩ E[σ′σ′]": "No: these are the derivatives by the inner weights, the ones that are frozen here.",
        "The same NTK as when everything is trained": (
            "No: the kernel sums over *trained* weights. Freezing some removes their features and makes the kernel smaller."
        ),
        "None: it stays random": (
            "No: it is still a mean over m independent units, so it self-averages, only with fewer terms per unit."
        ),
    },
    right="E[σσ], the arc-cosine kernel k1",
)

# %% role="quiz" name="parametrisation"
lab.quiz(
    "The slides' other form: h(x) = Σ aᵢ σ(bᵢ x), no 1/√m in front, with Var(aᵢ) = 1/m and Var(bᵢ) = 1. What is its tangent "
    "kernel for large m?",
    {
        "The same as before: the two forms are equivalent": (
            "They compute equal random functions at the start, but ∂h/∂aᵢ = σ(bᵢ x) no longer carries 1/√m. Redo the two sums."
        ),
        "Its first part, Σ σσ, grows like m; the second stays of order one": (
            "Right. ∂h/∂aᵢ = σ(bᵢx) is of order one and there are m of them, while Σ aᵢ² σ′σ′ xx′ is a mean, since aᵢ² is about "
            "1/m. The step of gradient descent must shrink like 1/m, and then the inner weights hardly learn at all."
        ),
        "Both parts grow like m": "Look at the second: it carries aᵢ², which is about 1/m here. Summed over m units it stays of order one.",
        "Both parts vanish like 1/m": "Count again: is any of the features small? ∂h/∂aᵢ = σ(bᵢ x) is of order one.",
    },
    right="Its first part, Σ σσ, grows like m; the second stays of order one",
)

# %% role="quiz" name="one-seed"
lab.quiz(
    "A friend runs one seed over widths 32 to 8192, finds the slope −0.58 and writes: 'convergence is faster than 1/√m'. Your reply?",
    {
        "Convincing: 0.58 is clearly more than 0.50": "Your own cell printed how single seeds scatter: about ±0.08. This is one standard deviation.",
        "One seed scatters by about 0.08: take the rms over many seeds before you speak of a rate": (
            "Right. −0.58 is one standard deviation away. With the rms over 20 seeds the scatter is about 0.03."
        ),
        "Impossible: the law of large numbers says −1/2": (
            "The theorem speaks of the size of the typical error, not of one path; a single run wanders."
        ),
        "The widths are too small to say anything": "The widths are fine: twenty seeds at the same widths give −0.5 within a few hundredths.",
    },
    right="One seed scatters by about 0.08: take the rms over many seeds before you speak of a rate",
)

# %% [markdown]
# ## 12 · Two questions marked by hand
#
# ### Question A · the factor two
#
# 3 points, about 10 minutes. In a few sentences each:
#
# 1. Show without a computer that for $\|x\| = 1$ the network of section 1 has $k(x, x) = 1$, and that the printed
#    $\kappa$ gives 2.
# 2. Name a change of the *network* that makes the printed $\kappa$ right. A classmate proposes to draw the inner
#    weights from $\mathcal N(0, 2)$ instead of $\mathcal N(0, 1)$ and leave the rest: why does that *not* do it?
# 3. You train by kernel regression once with $K$ and once with $2K$. What changes, and what does not, (i) without a
#    ridge, (ii) with a ridge $\delta$ added to the diagonal, (iii) in the largest stable step of gradient descent
#    (lab 2)?

# %% [markdown] role="written" exercise="why-half" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. With $\|x\| = 1$, $u = \langle b, x\rangle \sim \mathcal N(0, 1)$. A unit is awake half of the time, so $\mathbb
#    E[\sigma'(u)^2] = \frac12$, and by symmetry $\mathbb E[\sigma(u)^2] = \frac12\mathbb E[u^2] = \frac12$. With
#    $\mathbb E[a^2] = 1$ and $\langle x, x\rangle = 1$ the kernel is $\frac12 + \frac12 = 1$. The printed formula at
#    $\xi = 1$, where $\arccos 1 = 0$: $\frac{2}{\pi}\cdot\pi + 0 = 2$.
# 2. Multiply the network's output by $\sqrt 2$, that is $\sqrt{2/m}$ in place of $1/\sqrt m$ (He; the same as using
#    the activation $\sqrt 2\,\sigma$): all gradients grow by $\sqrt 2$ and the kernel doubles. With $b \sim \mathcal
#    N(0, 2I)$ only $\mathbb E[\sigma\sigma]$ doubles, because $\sigma'$ does not notice the size of $b$; the sum
#    becomes $\langle x, z\rangle k_0 + 2k_1$, $\frac32$ at $x = z$: the wrong shape, not just the wrong factor.
# 3. (i) Nothing: $2K_{\text{test}}(2K_{\text{train}})^{-1} = K_{\text{test}}K_{\text{train}}^{-1}$. (ii)
#    $2K_{\text{test}}(2K_{\text{train}} + \delta I)^{-1} = K_{\text{test}}(K_{\text{train}} + \frac\delta2 I)^{-1}$:
#    doubling the kernel is halving the ridge, so predictions change. (iii) The largest stable step is
#    $2n/\lambda_{\max}$, so it halves; at equal steps training is twice as fast.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: both expectations are ½, with a reason (half of the units awake, symmetry), and κ(1) = 2 from the
#   formula. Half a point for one of the two.
# - Part 2, 1 point: an output scale of √2, or the activation √2·σ; *and* the objection that σ′ does not change with the
#   size of b. Half a point for one of the two. "Var(a) = 2 alone" is wrong: it doubles the inner part only.
# - Part 3, 1 point: (i) nothing, (ii) like the ridge δ/2, (iii) half the step. Half a point for two of the three.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 5 minutes. Look at *your* `finite_width_ntk`:
#
# 1. It is called with all 1,797 digits for `X` and `Z` and a network of width 65,536, in double precision. Name the
#    largest array that your code creates, its shape and its size in bytes. How could the caller get the same kernel
#    with much less memory, without changing your code?
# 2. Which part of your code would you delete to get the kernel of a network whose *outer* weights are frozen? To
#    which number does $\hat k(x, x)$ then converge for $\|x\| = 1$?

# %% [markdown] role="written" exercise="your-code" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. In the solution above `U` (and `V`, and each masked copy) has shape `(1797, 65536)`: $1797 \cdot 65536 \cdot 8
#    \approx 942$ million bytes, against 26 million for the kernel itself. The kernel is a mean over units, so the
#    caller can pass the units in chunks and average the results (weighted by the size of each chunk), as the GPU cell
#    does; or pass blocks of rows of `X` and `Z`.
# 2. Delete `outer_part`: it is the sum over derivatives by `a`. What remains converges to $\langle x,
#    x\rangle\,\mathbb E[\sigma'^2] = \frac12$.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the array named is one that the student's code really makes (with a loop over units it is a smaller
#   one, and that is right too); shape and bytes agree with it; chunks of units or of rows are proposed. Half a point if
#   one of these is missing.
# - Part 2, 1 point: the right lines of the student's *own* code, and ½. Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - The tangent kernel of a two-layer network is a **mean over independent units**. That alone makes it converge, at
#   rate $m^{-1/2}$, on digits as on the circle, and tells you the scatter of a single run.
# - Its limit needs **two Gaussian numbers**, whatever the input dimension and the activation; for ReLU it is a closed
#   form, because a unit counts only in the **wedge** where it is awake at both inputs.
# - The slide's $\kappa$ is right in shape and **twice** the kernel of the network it announces. You found it with one
#   number, $k(x, x)$.
# - In S1's words: an infinitely wide network is a linear model on random features, with a kernel that is not random.
#
# **Where the theory stops.** Everything here happened *at the start*. That the kernel also stays put *during*
# training is a second statement with a rate of its own (lab 2 saw it in the Jacobian; lab 4 measures it). Biases,
# depth and other activations change the formula, not the idea. A bias-free ReLU kernel is also blind to something:
# you tested $\kappa(\xi) - \kappa(-\xi) = 2\xi$, so apart from a linear part it is an *even* function and cannot see
# odd patterns of degree three and more, however much data you have (lab 9 meets this again). And the features are
# frozen: this kernel never learns what matters in *your* images. Lab 10 shows a task where that hurts.
#
# **Next, lab 4**: you have the kernel. Does a trained network really predict what kernel regression with it predicts,
# function at the start included?
#
# *In ntklab these functions are `kernels.arc_cosine`, `kernels.relu_kappa`, `kernels.two_layer_ntk` (both with
# `normalization="gaussian"` or `"he"`), `gaussian.gaussian_expectations` and `empirical.empirical_ntk`. They are
# withheld in this lab, since you write them yourself, and open from lab 4 on.*
