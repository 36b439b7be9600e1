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
#     title: The distribution over trained networks
#     question: A thousand people train the same network on the same data. How do their networks differ?
#     minutes: 170
# ---

# %% [markdown]
# # Lab 5 · The distribution over trained networks
#
# **The question.** Lab 4 ended with five networks that went through the same training points and disagreed everywhere
# else. You could predict each of them, but only from its own random start. Now a thousand people train the same
# architecture on the same data, each with their own seed. What is their average? How far apart are they, and where? And
# can you know without training even one of them?
#
# You can: the answer is a Gaussian, with a mean and a covariance that you will write down, code, and then lay over an
# ensemble of trained networks. It needs *two* kernels, one that says where training goes and one that says where it
# began. When the two are equal, gradient descent is exact Bayesian inference; when they are not, the networks' own
# spread will show you which of the two laws they obey.
#
# **After this lab you can**
#
# 1. compute both kernels of a deep ReLU network, layer by layer, for any initialization and any learning rates;
# 2. derive the mean and covariance of all trained networks from one linear equation;
# 3. name the one place where gradient descent *is* Bayesian inference, and show that it is the narrower one;
# 4. split the test loss of an ensemble into bias and variance, and say what averaging networks buys;
# 5. do the same for any loss, with a Hessian, and say when that stops being accurate;
# 6. judge what 100 trained networks can tell about a theory, and what only 1,000 can.
#
# **You need** lab 3 (the two Gaussian expectations of ReLU) and lab 4 (one trained network is kernel regression on
# $y - f_0$, added to $f_0$). NumPy, Gaussian vectors, covariance matrices.
#
# **Time**: 170 minutes. Six exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S1**: Roberts, Yaida & Hanin, *The Principles of Deep Learning Theory* | §10.2.4, (10.39)–(10.49) | prediction, its mean and covariance, and when it is Bayesian |
# | S1 | beginning of §10.3, (10.50)–(10.55) | the test loss: bias and variance |
# | course | `errata.md`, entry 9 | an inverse that is printed as if it were none |

# %% [markdown]
# ## How to work here
#
# As in the labs before: run from the top, write where it says `YOUR CODE HERE`, read what the test cell below says.
# Hidden tests do the same on fresh inputs. `lab.hint("ensemble_mean")` prints the next of three hints. What you built
# in labs 1 to 4 now stands in `ntklab` and may be used, such as `gaussian.gaussian_expectations` of lab 3. What this
# lab asks for is withheld (lab 4's `regression.kernel_regression` once more, since exercise 2 is a case of it).

# %% role="setup"
import numpy as np
import torch

from ntklab import datasets, gaussian, kernels, lab, networks

lab.start("lab05-ensembles")

degrees = np.array([-160, -135, -110, -85, -60, 40, 65, 90, 115, 140])  # ten training inputs on a circle, two gaps
all_degrees = np.arange(-180, 181, 3)  # 121 test inputs, all the way round


def on_circle(angles):
    """Inputs (n, 2) at these angles in degrees, of length √2, so that x·x/d = 1."""
    return np.sqrt(2) * np.column_stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))])


X_train, X_test = on_circle(degrees), on_circle(all_degrees)
y_train = np.sin(2 * np.radians(degrees))
y_test = np.sin(2 * np.radians(all_degrees))

# %% role="demo" name="drawing"
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (6.8, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10})


def training_points(ax, label="training data"):
    ax.plot(degrees, y_train, "ko", ms=6, mfc="white", mew=1.5, label=label, zorder=5)
    ax.set(xlabel="angle of the input in degrees", xticks=range(-180, 181, 90), xlim=(-180, 180))


# %% [markdown]
# ## 1 · Same data, twelve seeds
#
# Ten training points on a circle, with a wide gap around 0° and a narrower one around 180° (so that both ends of the
# axis are the same place). Target: $\sin 2\theta$. Twelve networks with one hidden layer of 2,048 ReLU units, which
# differ in nothing but the seed. The cell trains them to the end by gradient descent, all together
# (`networks.train_ensemble`; `centered=False` keeps the random function that each starts from).

# %% role="figure" name="twelve-seeds"
settings = {"hidden_layers": 1, "C_W": 2.0, "C_b": 0.1}  # of every network in this lab's pictures


def trained_networks(seeds, width, device=None):
    """Outputs (S, 121) of trained networks round the circle, and their largest training loss."""
    ensemble = networks.train_ensemble(
        lambda seed: networks.NTKNet(2, width, seed=seed, **settings),
        seeds,
        X_train,
        y_train,
        eta=0.6,  # the largest stable step is about 1.3 (lab 2)
        steps=3000,
        stop_loss=1e-5,
        dtype=torch.float32,
        device=device,
        centered=False,
    )
    return np.asarray(ensemble.outputs(X_test))[:, :, 0], float(np.asarray(ensemble.losses)[:, -1].max())


twelve, worst_loss = trained_networks(range(12), 2048)
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True)
for seed in range(12):
    start = networks.NTKNet(2, 2048, seed=seed, **settings)(X_test)[:, 0]
    axes[0].plot(all_degrees, start, color="0.3", lw=0.9)
axes[1].plot(all_degrees, twelve.T, color="0.3", lw=0.9)
for ax, title in zip(axes, ["twelve networks before training", "the same twelve after training"], strict=True):
    training_points(ax)
    ax.set(title=title)
axes[0].set(ylabel="output of the network")
axes[1].legend(loc="lower right", fontsize=9)
plt.show()
print(f"largest training loss of the twelve: {worst_loss:.0e}")

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Two panels, outputs against the angle of the input. Left: twelve networks before training, smooth random waves between about minus 4 and 4 that ignore the ten training points. Right: after training all twelve pass through the ten points; between neighbouring points they nearly coincide, in the two gaps around 0 and 180 degrees they fan out a little.](twelve-seeds.png)
#
# After training they agree where there are data. What remains between the points has a law.
#
# </details>

# %% [markdown]
# ## 2 · Worked example: two points, width three
#
# One training point $x = (1, 0)$ with target $y = 3$, and one test point $z = (0, 1)$. A network of width three,
# $f(x) = \frac{1}{\sqrt 3}\sum_{i=1}^3 a_i\,\sigma(\langle b_i, x\rangle)$, with hidden weights $b_1 = (1, -1)$, $b_2
# = (2, 2)$, $b_3 = (-1, 1)$ that stay as they are. Only the outer weights $a_i \sim \mathcal N(0, 1)$ are trained: so
# it is a linear model, and every number can be had by hand.
#
# | unit $i$ | $\sigma(\langle b_i, x\rangle)$ | $\sigma(\langle b_i, z\rangle)$ |
# |---|---|---|
# | 1 | **1** | **0** |
# | 2 | **2** | **2** |
# | 3 | **0** | **1** |
#
# **Where training goes.** The features are these numbers over $\sqrt 3$, so the tangent kernel is $\Theta_{xx} =
# \frac13(1 + 4 + 0) = \frac53$ and $\Theta_{zx} = \frac13(0 + 4 + 0) = \frac43$. Gradient descent ends (lab 4, (10.39)) at
#
# $$f(z) = f_0(z) + A\,\bigl(y - f_0(x)\bigr), \qquad A = \Theta_{zx}\,\Theta_{xx}^{-1} = \tfrac43\cdot\tfrac35 = \tfrac45.$$
#
# **Where it began.** Three people draw three different sets of outer weights:
#
# | outer weights $a$ | $f_0(x)$ | $f_0(z)$ | trained: $f(x)$ | trained: $f(z) = f_0(z) + \frac45(3 - f_0(x))$ |
# |---|---|---|---|---|
# | $\sqrt3\,(1, 0, 1)$ | 1 | 1 | 3 | $1 + \frac45\cdot 2 = 2.6$ |
# | $\sqrt3\,(1, -1, 1)$ | −1 | −1 | 3 | $-1 + \frac45\cdot 4 = 2.2$ |
# | $\sqrt3\,(1, 0, -1)$ | 1 | −1 | 3 | $-1 + \frac45\cdot 2 = 0.6$ |
#
# All three know $f(x) = 3$; none agrees about $z$. **All possible people**: $f_0(x)$ and $f_0(z)$ are sums of Gaussian
# numbers, so they are Gaussian, with mean 0 and covariances that a *second* kernel holds, $K_{xx} =
# \mathbb E[f_0(x)^2] = \frac13(1 + 4) = \frac53$, likewise $K_{zx} = \frac43$ and $K_{zz} = \frac13(4 + 1) =
# \frac53$. Hence
#
# $$\mathbb E[f(z)] = A y = \tfrac45\cdot 3 = 2.4, \qquad
# \mathrm{Var}[f(z)] = K_{zz} - 2A K_{zx} + A^2 K_{xx} = \tfrac53 - \tfrac{32}{15} + \tfrac{16}{15} = \tfrac35.$$
#
# Here the two kernels happened to be equal, because we trained exactly the weights that made the start random. Train
# the $b_i$ as well, and $\Theta$ grows while $K$ stays. Keep that in mind for section 6. First a check of the two
# numbers on 200,000 people:

# %% role="demo" name="worked-example"
hidden = np.array([[1.0, 2.0, 0.0], [0.0, 2.0, 1.0]]) / np.sqrt(3)  # rows: features of x and of z
people = np.random.default_rng(0).standard_normal((200_000, 3))
before = people @ hidden.T
after = before[:, 1] + 4 / 5 * (3 - before[:, 0])
print(f"trained networks at z: mean {after.mean():.3f}, variance {after.var():.3f}")

# %% [markdown]
# ## 3 · Two kernels, layer after layer
#
# Lab 3 built the kernel of one hidden layer. Deep networks repeat its step. Chapter 10 of S1 follows two kernels at once:
#
# - $K^{(\ell)}$, the **kernel**: the covariance of the preactivations of layer $\ell$ over random draws of the weights;
#   in the last layer the covariance of the outputs at the start. (The code calls it NNGP kernel.)
# - $\Theta^{(\ell)}$, the **frozen NTK**: which way, and how fast, training moves them.
#
# The first layer is linear in the input, and then every layer does the same, (10.44) and (10.45):
#
# $$K^{(1)}_{xz} = C_b + C_W\,\tfrac{\langle x, z\rangle}{d}, \qquad \Theta^{(1)}_{xz} = \lambda_b^{(1)} + \lambda_W^{(1)}\,\tfrac{\langle x, z\rangle}{d},$$
#
# $$K^{(\ell+1)} = C_b + C_W\,\langle\sigma\sigma\rangle_{K^{(\ell)}}, \qquad
# \Theta^{(\ell+1)} = \lambda_b^{(\ell+1)} + \lambda_W^{(\ell+1)}\,\langle\sigma\sigma\rangle_{K^{(\ell)}} + C_W\,\langle\sigma'\sigma'\rangle_{K^{(\ell)}}\,\Theta^{(\ell)}.$$
#
# Everything acts entry by entry. $\langle\sigma\sigma\rangle_K$ is lab 3's $\mathbb E[\sigma(u)\sigma(v)]$ for $u, v$
# with the covariance that $K$ gives them, now between preactivations instead of inputs. With $\cos\theta =
# K_{xz}/\sqrt{K_{xx}K_{zz}}$,
#
# $$\langle\sigma\sigma\rangle_K = \sqrt{K_{xx}K_{zz}}\;\frac{\sin\theta + (\pi - \theta)\cos\theta}{2\pi}, \qquad \langle\sigma'\sigma'\rangle_K = \frac{\pi - \theta}{2\pi}.$$
#
# | symbol | meaning |
# |---|---|
# | $C_b$, $C_W$ | variance of the biases, and of the weights times their fan-in, *at the start* |
# | $\lambda_b^{(\ell)}$, $\lambda_W^{(\ell)}$ | learning rates of layer $\ell$, for biases, and for weights times their fan-in |
# | $\langle x, z\rangle/d$ | S1 divides by the input dimension; lab 3 and the slides did not |
# | layers | a network with $H$ hidden layers has $H + 1$ layers of weights, $\ell = 1, \dots, H + 1$ |
#
# Read (10.45) once more: the first two terms are what training the *new* layer adds; the third passes on what training
# the layers *below* does to it. That third term carries $C_W$, not $\lambda_W$: the signal travels up through the
# weights as they are.
#
# **By hand.** $x = (2, 2, 0, 0)$, $z = (0, 0, 2, 2)$, $d = 4$, one hidden layer, $C_b = 0$, $C_W = 2$ and rates $\lambda_b
# = 1$, $\lambda_W = 3$ in both layers. Layer 1: $K_{xx} = K_{zz} = 2\cdot\frac84 = 4$, $K_{xz} = 0$; $\Theta_{xx} = 1 +
# 3\cdot 2 = 7$, $\Theta_{xz} = 1$. The preactivations are independent, $\theta = \frac\pi2$:
# $\langle\sigma\sigma\rangle$ is $\frac42 = 2$ on the diagonal and $\frac{4}{2\pi} = \frac2\pi$ off it,
# $\langle\sigma'\sigma'\rangle$ is $\frac12$ and $\frac14$. Layer 2: $K_{xx} = 4$, $K_{xz} = \frac4\pi$, and
# $\Theta_{xx} = 1 + 3\cdot 2 + 2\cdot\frac12\cdot 7 = 14$, $\Theta_{xz} = 1 + \frac6\pi + 2\cdot\frac14\cdot 1 =
# \frac32 + \frac6\pi$.

# %% [markdown]
# ## Exercise 1 · `deep_relu_kernels`
#
# Difficulty ●●○ · 30 minutes · 4 points
#
# **Equation**: (10.44), (10.45), as above.
#
# | | shape | |
# |---|---|---|
# | `X` | `(n, d)` | inputs; with $C_b = 0$ a zero row is legal |
# | `hidden_layers` | whole number | $H$; 0 is legal and makes a linear model |
# | `C_b`, `C_W` | numbers | the same in all layers |
# | `lambda_b`, `lambda_W` | a number, or `(H + 1,)` | rates; either one for all layers or one for each, the first layer's first |
# | returns | a pair `(K, Theta)`, each `(n, n)` | of the last layer |
#
# `np.broadcast_to` makes one number into $H + 1$ equal ones. For parallel inputs rounding can push the cosine beyond 1
# (lab 3). You may code the two expectations or call `gaussian.gaussian_expectations`.


# %% role="answer" exercise="deep_relu_kernels"
def deep_relu_kernels(X, hidden_layers, C_b, C_W, lambda_b, lambda_W):
    """Kernel K and frozen NTK Theta, each (n, n), of the last layer of a deep ReLU network at the inputs X (n, d)."""
    ### BEGIN SOLUTION
    lambda_b, lambda_W = (np.broadcast_to(rate, hidden_layers + 1) for rate in (lambda_b, lambda_W))
    products = X @ X.T / X.shape[1]
    K, Theta = C_b + C_W * products, lambda_b[0] + lambda_W[0] * products
    for layer in range(1, hidden_layers + 1):
        scale = np.sqrt(np.outer(np.diag(K), np.diag(K)))
        cosine = np.clip(K / np.where(scale > 0, scale, 1.0), -1.0, 1.0)
        theta = np.arccos(cosine)
        E_ss = scale * (np.sin(theta) + (np.pi - theta) * cosine) / (2 * np.pi)
        E_dd = (np.pi - theta) / (2 * np.pi)
        K, Theta = C_b + C_W * E_ss, lambda_b[layer] + lambda_W[layer] * E_ss + C_W * E_dd * Theta
    return K, Theta
    ### END SOLUTION


# %% role="visible" exercise="deep_relu_kernels"
t = lab.tests("deep_relu_kernels")
X = np.array([[2.0, 2.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]])


def symmetric(diagonal, off):
    return np.array([[diagonal, off], [off, diagonal]])


t.holds(
    "two matrices",
    lambda: len(deep_relu_kernels(X, 1, 0.0, 2.0, 1.0, 3.0)) == 2,
    "return both kernels: K first, then Theta, each of shape (n, n)",
)
c = 1 / np.pi
wedge = (np.pi - np.arccos(c)) / (2 * np.pi)
third_K = 8 * (np.sqrt(1 - c**2) / (2 * np.pi) + wedge * c)
wrong = {
    "swapped": "the two kernels are exchanged: return K first, then Theta",
    "few": "one layer too few: one hidden layer means two layers of weights, so one step of the recursion",
    "many": "one layer too many: one hidden layer means one step of the recursion",
    "d": "⟨x, z⟩ is not divided by d: chapter 10 divides, lab 3 did not",
    "he": "the expectations are twice too large: half of all units sleep, so ⟨σσ⟩ = K/2 and ⟨σ′σ′⟩ = 1/2 on the diagonal",
}
K = symmetric(4, 4 / np.pi)
t.close(
    "K of the example by hand",
    lambda: deep_relu_kernels(X, 1, 0.0, 2.0, 1.0, 3.0)[0],
    K,
    rtol=1e-3,  # on the diagonal a float32 arccos errs by up to 5e-4
    mistakes={
        wrong["swapped"]: symmetric(14, 1.5 + 6 / np.pi),
        wrong["few"]: symmetric(4, 0),
        wrong["many"]: symmetric(4, third_K),
        wrong["d"]: symmetric(16, 16 / np.pi),
        wrong["he"]: symmetric(8, 8 / np.pi),
        "C_W is missing in the second layer": K / 2,
        "the learning rate λ_W stands where K has C_W: K knows no training": 3 * K / 2,
    },
)
Theta = symmetric(14, 1.5 + 6 / np.pi)
t.close(
    "Theta of the example by hand",
    lambda: deep_relu_kernels(X, 1, 0.0, 2.0, 1.0, 3.0)[1],
    Theta,
    rtol=1e-3,
    mistakes={
        wrong["swapped"]: K,
        wrong["few"]: symmetric(7, 1),
        wrong["many"]: symmetric(21, 1 + 3 * third_K / 2 + 2 * wedge * (1.5 + 6 / np.pi)),
        wrong["d"]: symmetric(50, 1.5 + 24 / np.pi),
        wrong["he"]: symmetric(27, 2 + 12 / np.pi),
        "λ_W stands in front of the last term: what the layers below contribute travels up with C_W": (
            symmetric(17.5, 1.75 + 6 / np.pi)
        ),
        "C_W is missing in the last term": symmetric(10.5, 1.25 + 6 / np.pi),
        "C stands where λ belongs: the first two terms of (10.45) carry the learning rates": symmetric(8, 4 / np.pi),
        "⟨σ′σ′⟩ is taken with the new K: both expectations belong to the layer below, so update K and Theta at once": (
            symmetric(14, 1 + 6 / np.pi + 2 * wedge)
        ),
        "Theta starts from K: layer 1 has Θ = λ_b + λ_W ⟨x, z⟩/d": symmetric(11, 1 + 6 / np.pi),
        "the last term contributes nothing: is it there, and does Theta start as λ_b + λ_W ⟨x, z⟩/d in layer 1?": (
            symmetric(7, 1 + 6 / np.pi)
        ),
        "λ_b is missing: biases are trained too": symmetric(12, 6 / np.pi),
    },
)
single = np.array([[1.0, 2.0]])  # one input: x·x/d = 2.5, ⟨σσ⟩ = K/2 and ⟨σ′σ′⟩ = 1/2
t.close(
    "one input, two hidden layers, biases, by hand: K = 5.5, then 0.5 + 2·2.75, then 0.5 + 2·3",
    lambda: deep_relu_kernels(single, 2, 0.5, 2.0, 0.1, 1.0)[0],
    np.array([[6.5]]),
    rtol=1e-3,
    mistakes={"C_b is added in the first layer only: every layer has biases": np.array([[5.5]])},
)
t.close(
    "one input, a rate for each layer: Θ = 2.6, then 0.2 + 2·2.75 + 2.6, then 0.3 + 3·3 + 8.3",
    lambda: deep_relu_kernels(single, 2, 0.5, 2.0, np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 3.0]))[1],
    np.array([[17.6]]),
    rtol=1e-3,
    mistakes={
        "the rates are used in the wrong order: the first layer's comes first": np.array([[16.6]]),
        "only the first layer's rates are used": np.array([[8.55]]),
        "only the last layer's rates are used": np.array([[25.65]]),
    },
)
X = t.rng.standard_normal((5, 3))
lengths = np.sqrt(np.outer(np.sum(X**2, axis=1), np.sum(X**2, axis=1)))
t.close(
    "no biases, λ = C = 2, one hidden layer: lab 3's printed kernel, times 2/d",
    lambda: deep_relu_kernels(X, 1, 0.0, 2.0, 0.0, 2.0)[1],
    2 / 3 * lengths * kernels.relu_kappa(X @ X.T / lengths, normalization="he"),
    rtol=1e-3,
    atol=1e-4,
)
t.close(
    "no hidden layer: a linear model, with the rates of its one layer",
    lambda: deep_relu_kernels(X, 0, 0.3, 1.5, 0.2, 0.7)[1],
    0.2 + 0.7 * X @ X.T / 3,
    rtol=1e-4,
    atol=1e-5,
)
X = t.rng.standard_normal((50, 6))
X = np.vstack([X, 1.7 * X, np.zeros(6)])
t.holds(
    "50 inputs, the same at 1.7 times the length, and a zero row, no biases",
    lambda: all(np.isfinite(np.asarray(k)).all() for k in deep_relu_kernels(X, 3, 0.0, 2.0, 0.0, 2.0)),
    "nan: clip the cosine to [−1, 1] before arccos, and divide by 1 where a zero row makes K_xx = 0",
)
t.report()

# %% role="hidden" exercise="deep_relu_kernels" points=4
# Hidden tests: fresh inputs, depths, variances and rates, per layer and single; last layer only; none; one input.
### BEGIN HIDDEN TESTS
t = lab.tests("deep_relu_kernels", hidden=True)
nngp_and_ntk = lab.reference("kernels.nngp_and_ntk")


def recursion(X, H, C_b, C_W, lambda_b, lambda_W, mistake=None):
    """Both kernels, with one of the mistakes students make."""
    lambda_b, lambda_W = np.broadcast_to(lambda_b, H + 1), np.broadcast_to(lambda_W, H + 1)
    if mistake == "C for lambda":
        lambda_b, lambda_W = np.full(H + 1, C_b), np.full(H + 1, C_W)
    if mistake == "order":
        lambda_b, lambda_W = lambda_b[::-1], lambda_W[::-1]
    if mistake in ("first", "last"):
        at = 0 if mistake == "first" else -1
        lambda_b, lambda_W = np.full(H + 1, lambda_b[at]), np.full(H + 1, lambda_W[at])
    if mistake == "no lambda_b":
        lambda_b = np.zeros(H + 1)
    XX = X @ X.T / (1 if mistake == "d" else X.shape[1])
    K, Theta = C_b + C_W * XX, lambda_b[0] + lambda_W[0] * XX
    Theta = {"from K": K, "from 0": 0 * K}.get(mistake, Theta)
    for layer in range(1, {"few": H, "many": H + 2}.get(mistake, H + 1)):
        at = min(layer, H)
        E_ss, E_dd = gaussian.gaussian_expectations("relu", np.diag(K).copy(), K, np.diag(K).copy())
        E_ss, E_dd = (2 * E_ss, 2 * E_dd) if mistake == "he" else (E_ss, E_dd)
        K = (0 if mistake == "C_b once" else C_b) + C_W * E_ss
        if mistake == "new K":
            E_dd = gaussian.gaussian_expectations("relu", np.diag(K).copy(), K, np.diag(K).copy())[1]
        below = {"lambda below": lambda_W[at], "1 below": 1.0, "no last term": 0.0}.get(mistake, C_W)
        Theta = lambda_b[at] + lambda_W[at] * E_ss + below * E_dd * Theta
    return K, Theta


words = {
    "few": "one layer too few: H hidden layers mean H steps of the recursion",
    "many": "one layer too many: H hidden layers mean H steps of the recursion",
    "d": "⟨x, z⟩ is not divided by d",
    "he": "the expectations are twice too large",
    "C_b once": "C_b is added in the first layer only",
    "C for lambda": "C stands where λ belongs",
    "order": "the rates are used in the wrong order: the first layer's comes first",
    "first": "only the first layer's rates are used",
    "last": "only the last layer's rates are used",
    "no lambda_b": "λ_b is missing: biases are trained too",
    "from K": "Theta starts from K: layer 1 has Θ = λ_b + λ_W ⟨x, z⟩/d",
    "from 0": "Theta starts from 0: the first layer is trained too",
    "no last term": "the last term is missing: training the layers below moves this one too",
    "new K": "⟨σ′σ′⟩ is taken with the new K",
    "lambda below": "λ_W stands in front of the last term",
    "1 below": "C_W is missing in the last term",
}
for H, per_layer in [(1, False), (2, True), (4, True), (0, False)]:
    X = t.rng.standard_normal((5, 3)) * t.rng.uniform(0.5, 2.0, (5, 1))
    C_b, C_W = (float(v) for v in (t.rng.uniform(0.1, 1.0), t.rng.uniform(0.7, 1.6)))
    size = H + 1 if per_layer else None
    lambda_b, lambda_W = t.rng.uniform(0.1, 1.0, size), t.rng.uniform(0.5, 2.0, size)
    b, W = (tuple(np.broadcast_to(rate, H + 1).tolist()) for rate in (lambda_b, lambda_W))
    K, Theta = nngp_and_ntk(X, mlp=kernels.MLP(H, "relu", C_W, C_b, lambda_b=b, lambda_W=W))
    told = {text: recursion(X, H, C_b, C_W, lambda_b, lambda_W, key) for key, text in words.items()}
    for place, wanted in enumerate([K, Theta]):
        t.close(
            f"{'K' if place == 0 else 'Theta'}, {H} hidden layers, {'a rate for each layer' if per_layer else 'one rate'}",
            lambda: deep_relu_kernels(X, H, C_b, C_W, lambda_b, lambda_W)[place],
            wanted,
            rtol=1e-3,  # float32 on the diagonal, as above
            atol=1e-4,
            mistakes={
                "the two kernels are exchanged: K first": (K, Theta)[1 - place],
                **{text: pair[place] for text, pair in told.items()},
            },
        )
X = t.rng.standard_normal((60, 5))
X = np.vstack([X, t.rng.uniform(0.3, 3.0) * X, X])
t.holds(
    "parallel inputs",
    lambda: all(np.isfinite(np.asarray(k)).all() for k in deep_relu_kernels(X, 2, 0.0, 2.0, 0.0, 2.0)),
    "nan for parallel inputs: clip the cosine to [−1, 1]",
)
X = t.rng.standard_normal((4, 5))
last_only = np.array([0.0, 0.0, 1.0])
K, Theta = nngp_and_ntk(X, mlp=kernels.MLP(2, "relu", 1.3, 0.4))
for place in (0, 1):
    t.close(
        "training the last layer only, at the rates C: both kernels are K",
        lambda: deep_relu_kernels(X, 2, 0.4, 1.3, 0.4 * last_only, 1.3 * last_only)[place],
        K,
        rtol=1e-3,
        atol=1e-4,
        mistakes={"all layers are trained at the rates C": Theta},
    )
X[2] = 0.0
Theta = nngp_and_ntk(X, mlp=kernels.MLP(2))[1]
with_nan = Theta.copy()
with_nan[2], with_nan[:, 2] = np.nan, np.nan
t.close(
    "a zero row, no biases",
    lambda: deep_relu_kernels(X, 2, 0.0, 2.0, 0.0, 2.0)[1],
    Theta,
    rtol=1e-3,
    atol=1e-4,
    mistakes={"a zero row gives nan: divide by 1 where K_xx = 0": with_nan},
)
x = t.rng.standard_normal((1, 4))
t.close(
    "one input",
    lambda: deep_relu_kernels(x, 3, 0.2, 1.5, 0.2, 1.5)[1],
    nngp_and_ntk(x, mlp=kernels.MLP(3, "relu", 1.5, 0.2))[1],
    rtol=1e-3,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="deep_relu_kernels"
# <details><summary>Hint 1 · concept</summary>
#
# Two tables travel up the network together. Each layer looks at the *old* K to get two expectations, and from these
# makes the new K and the new Theta, both at once. How often does the step run for one hidden layer? Once: the first
# layer of weights is the start, the second the step.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# All tables are `(n, n)`. Start from the Gram matrix of the inputs over $d$: times $C_W$ plus $C_b$ it is $K^{(1)}$,
# times $\lambda_W^{(1)}$ plus $\lambda_b^{(1)}$ it is $\Theta^{(1)}$. The table of $\sqrt{K_{xx}K_{zz}}$ is the root of
# an outer product of the diagonal with itself. In one step $C_W$ stands twice, once in each kernel, and $\lambda_W$ once:
# where?
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Broadcast both rates to length `hidden_layers + 1`. Make the two start tables with entry 0 of the rates. Then loop
# `layer` from 1 to `hidden_layers`: cosine from the outer product (1 where it is 0), clipped; the two expectations of
# section 3; then assign new `K` and new `Theta` in *one* statement, so that `Theta` still sees its old self and the
# rates with index `layer`.
#
# </details>

# %% [markdown]
# ### See it: depth
#
# Your two kernels between the point at 0° and a walk round half of the circle, each divided by its value at 0°. The
# markers are *one* random network each, of width 1,024, whose tangent kernel `empirical.empirical_ntk` computes
# from its gradients.

# %% role="figure" name="depth"
from ntklab import empirical

angles = np.arange(0, 181, 3)
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True)
for H, style, marker in [(1, "-", "o"), (2, "--", "s"), (4, ":", "^")]:
    K, Theta = deep_relu_kernels(on_circle(angles), H, 0.1, 2.0, 0.1, 2.0)
    name = f"{H} hidden layer{'s' if H > 1 else ''}"
    axes[0].plot(angles, K[0] / K[0, 0], "k" + style, label=name)
    axes[1].plot(angles, Theta[0] / Theta[0, 0], "k" + style, label=name)
    net = networks.NTKNet(2, 1024 if H < 4 else 512, H, C_b=0.1, seed=1)
    measured = empirical.empirical_ntk(net, on_circle(angles[:1]), on_circle(angles[::6]), trace=True)[0]
    axes[1].plot(angles[::6], measured / measured[0], "k" + marker, ms=4, mfc="white")
for ax, title in zip(axes, ["kernel K: where training begins", "frozen NTK Θ: where it goes"], strict=True):
    ax.set(title=title, xlabel="angle between the two inputs in degrees", xticks=[0, 45, 90, 135, 180])
axes[0].set(ylabel="kernel / its value at 0°", ylim=(-0.2, 1.05))
axes[1].legend()
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Two panels, kernels against the angle between two inputs, for one, two and four hidden layers. Left, K falls from 1 at 0 degrees with a round top, to 0.05 for one hidden layer and 0.65 for four at 180 degrees. Right, Theta falls at once, with a pointed top, to just below 0 for one hidden layer and 0.25 for four; markers from single random networks lie on or near the curves, for four layers visibly off.](depth.png)
#
# $K$ has a round top, $\Theta$ a pointed one (the kink of $\sigma'$): training follows the data more locally than the random
# start varies. Depth makes far inputs look more alike in both. And the deepest network strays most from its curve: what one
# network's kernel lacks to the formula grows with depth over width. Lab 7 follows depth to its end.
#
# </details>

# %% [markdown]
# ## 4 · The mean of all trained networks
#
# Write $\mathcal A$ for the training inputs and $\mathcal B$ for the test inputs, $z$ for outputs at the start and
# $z(T)$ for those after training. Lab 4's result for one network is linear in its start, (10.39):
#
# $$z_{\mathcal B}(T) = z_{\mathcal B} - A\,(z_{\mathcal A} - y), \qquad A = \Theta_{\mathcal{BA}}\,\Theta_{\mathcal{AA}}^{-1}, \quad (m, n).$$
#
# At infinite width the start is Gaussian with mean 0, and $\Theta$ is the same for everyone. So the average over all
# networks is
#
# $$m^\infty = \mathbb E\,[z_{\mathcal B}(T)] = \Theta_{\mathcal{BA}}\,\Theta_{\mathcal{AA}}^{-1}\,y, \qquad (10.40)$$
#
# which is kernel regression without any $f_0$. A trap for those who read closely: (10.39)–(10.41) print the inverse
# with its indices *below*, $\widetilde\Theta_{\tilde\alpha_1\tilde\alpha_2}$, as if it were the NTK itself. It is the inverse of the
# training block, as in (10.25); the book raises the indices there.
#
# **By hand.** $\Theta_{\mathcal{AA}} = \begin{pmatrix}2 & 1\\ 1 & 2\end{pmatrix}$ and $y = (3, 0)$: the equations
# $2u + v = 3$, $u + 2v = 0$ give $\Theta^{-1}y = (2, -1)$. Test points with rows $(1, 0)$, $(0, 3)$, $(1, 1)$ of
# $\Theta_{\mathcal{BA}}$ get $2$, $-3$, $1$. Taken literally, with $\Theta$ for its inverse, the first would be
# $2\cdot 3 + 1\cdot 0 = 6$.

# %% [markdown]
# ## Exercise 2 · `ensemble_mean`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# **Equation**: (10.40), with the inverse where it belongs.
#
# | | shape | |
# |---|---|---|
# | `Theta_train` | `(n, n)` | $\Theta_{\mathcal{AA}}$, positive definite |
# | `Theta_test` | `(m, n)` | $\Theta_{\mathcal{BA}}$: test × train |
# | `y` | `(n,)` or `(n, c)` | targets, one column per output |
# | returns | `(m,)` or `(m, c)`, like `y` | $m^\infty$ |
#
# Solve, do not invert (lab 1), and add nothing to the diagonal.


# %% role="answer" exercise="ensemble_mean"
def ensemble_mean(Theta_train, Theta_test, y):
    """Mean prediction (m,) or (m, c) of infinitely many wide networks, each trained to the end on targets y."""
    ### BEGIN SOLUTION
    return Theta_test @ np.linalg.solve(Theta_train, y)
    ### END SOLUTION


# %% role="visible" exercise="ensemble_mean"
t = lab.tests("ensemble_mean")
Theta_train, Theta_test = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 3.0], [1.0, 1.0]])
y = np.array([3.0, 0.0])
t.close(
    "three test points, by hand",
    lambda: ensemble_mean(Theta_train, Theta_test, y),
    np.array([2.0, -3.0, 1.0]),
    rtol=1e-5,
    atol=1e-5,
    mistakes={
        "the inverse is missing: (10.40) prints it with indices below, but Θ̃ is the inverse of the training block": (
            Theta_test @ Theta_train @ y
        ),
        "Θ_train does not enter: solve with it before you multiply by Θ_test": Theta_test @ y,
        "each entry is inverted by itself: 1/Θ is not the inverse matrix": Theta_test @ (1 / Theta_train) @ y,
        "the mean of y is removed and not put back: (10.40) subtracts nothing": np.array([1.5, -4.5, 0.0]),
        "the mean of y is removed first and added at the end: (10.40) does neither": np.array([3.0, -3.0, 1.5]),
        "Θ_train is divided by n: kernel regression knows no 1/n": np.array([4.0, -6.0, 2.0]),
        "1 is added to the diagonal: no ridge here": np.array([9 / 8, -9 / 8, 6 / 8]),
        "the answer lacks Θ_test: these are the coefficients Θ⁻¹y": np.array([2.0, -1.0]),
    },
)
two = np.array([[3.0, 0.0], [0.0, 3.0]])
t.close(
    "two outputs at once, each for itself",
    lambda: ensemble_mean(Theta_train, Theta_test, two),
    np.array([[2.0, -1.0], [-3.0, 6.0], [1.0, 1.0]]),
    rtol=1e-5,
    atol=1e-5,
    mistakes={"the two outputs are exchanged": np.array([[-1.0, 2.0], [6.0, -3.0], [1.0, 1.0]])},
)
turn = np.linalg.qr(t.rng.standard_normal((6, 6)))[0]
values = np.array([0.01, 0.1, 0.5, 1.0, 2.0, 3.0])
Theta_train = turn @ np.diag(values) @ turn.T
Theta_train = (Theta_train + Theta_train.T) / 2
y = t.rng.standard_normal(6)
t.close(
    "at the training points it is y itself",
    lambda: ensemble_mean(Theta_train, Theta_train, y),
    y,
    rtol=1e-6,  # condition number 300: a solve errs by 1e-13
    atol=1e-7,
    mistakes={
        "Θ_test and Θ_train are exchanged somewhere: at the training points they are equal and the answer is y": (
            Theta_train @ Theta_train @ y
        ),
        **{
            f"something is added to the diagonal (about {ridge:g}): here the training data are met exactly": (
                turn @ (values / (values + ridge) * (turn.T @ y))
            )
            for ridge in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
        },
    },
)
t.close(
    "doubling Θ changes nothing",
    lambda: ensemble_mean(2 * Theta_train, 2 * Theta_train[:2], y),
    y[:2],
    rtol=1e-6,
    atol=1e-7,
)
t.report()

# %% role="hidden" exercise="ensemble_mean" points=2
# Hidden tests: fresh kernels, one output and several, as many test as training points, one of each; no ridge hidden.
### BEGIN HIDDEN TESTS
t = lab.tests("ensemble_mean", hidden=True)
kernel_regression = lab.reference("regression.kernel_regression")
for what, n, m, c in [
    ("one output", 5, 3, None),
    ("three outputs", 4, 6, 3),
    ("m = n", 4, 4, None),
    ("one each", 1, 1, 1),
]:
    turn = np.linalg.qr(t.rng.standard_normal((n + m, n + m)))[0]
    joint = turn @ np.diag(np.geomspace(1.0, 40.0, n + m)) @ turn.T  # condition number 40 at most
    joint = (joint + joint.T) / 2
    Theta_train, Theta_test = joint[:n, :n], joint[n:, :n]
    y = t.rng.standard_normal(n if c is None else (n, c)) + 1.0
    right = kernel_regression(Theta_train, Theta_test, y)
    mistakes = {
        "the inverse is missing: Θ̃ is the inverse of the training block": Theta_test @ Theta_train @ y,
        "Θ_train does not enter": Theta_test @ y,
        "each entry is inverted by itself": Theta_test @ (1 / Theta_train) @ y,
        "the mean of y is removed and not put back": kernel_regression(Theta_train, Theta_test, y - y.mean(0)),
        "the mean of y is removed first and added at the end": (
            y.mean(0) + kernel_regression(Theta_train, Theta_test, y - y.mean(0))
        ),
        "1 is added to the diagonal: no ridge here": kernel_regression(Theta_train, Theta_test, y, ridge=1.0),
        "Θ_train is divided by n": n * right,
    }
    if n == m:
        mistakes["Θ_test is transposed: it is test × train"] = kernel_regression(Theta_train, Theta_test.T, y)
    t.close(what, lambda: ensemble_mean(Theta_train, Theta_test, y), right, rtol=1e-6, atol=1e-6, mistakes=mistakes)
turn = np.linalg.qr(t.rng.standard_normal((6, 6)))[0]
Theta_train = turn @ np.diag(np.geomspace(0.01, 3.0, 6)) @ turn.T
Theta_train = (Theta_train + Theta_train.T) / 2
y = t.rng.standard_normal(6)
t.close(
    "at the training points it is y, to all digits",
    lambda: ensemble_mean(Theta_train, Theta_train, y),
    y,
    rtol=1e-6,
    atol=1e-7,
    mistakes={
        f"something is added to the diagonal: here training data are met exactly (ridge {ridge:g})": (
            Theta_train @ np.linalg.solve(Theta_train + ridge * np.eye(6), y)
        )
        for ridge in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
    },
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="ensemble_mean"
# <details><summary>Hint 1 · concept</summary>
#
# You have met this formula three times: lab 1 called it the dual solution, lab 2 the giant leap, lab 4 the prediction of a
# network that starts from 0. Only the kernel has changed its name.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $m^\infty = \Theta_{\mathcal{BA}}\,u$, where $u$ solves $\Theta_{\mathcal{AA}}\,u = y$. The unknown $u$ has the shape of
# `y`, `(n,)` or `(n, c)`; a solver takes both, so you need no loop over outputs.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# One line: the test kernel times (`@`) what `np.linalg.solve` returns for the training kernel and the targets. Order of
# the two arguments: matrix first, right-hand side second.
#
# </details>

# %% [markdown]
# ## 5 · How far apart they are
#
# The same equation gives the spread. Subtract the mean from $z_{\mathcal B}(T)$: the targets drop out, and what is
# left is
#
# $$z_{\mathcal B}(T) - m^\infty = z_{\mathcal B} - A\,z_{\mathcal A}:$$
#
# a network's random start at the test points, minus what its start *at the training points* lets you guess of it.
# Training removes only the second part. Now $z$ has covariance $K$; multiply out $(z_{\mathcal B} - A z_{\mathcal
# A})(z_{\mathcal B} - A z_{\mathcal A})^\top$ and take expectations:
#
# $$\mathrm{Cov} = K_{\mathcal{BB}} - A\,K_{\mathcal{AB}} - K_{\mathcal{BA}}\,A^\top + A\,K_{\mathcal{AA}}\,A^\top. \qquad (10.41)$$
#
# Note who plays which part. $\Theta$ only appears inside $A$: *where training goes*. $K$ is everywhere else: *where it
# began*. The targets do not appear at all: **the spread can be known before the labels are**. And different outputs of a
# network are independent and share one covariance, the $\delta_{i_1 i_2}$ of (10.41).
#
# **By hand.** One training point with $\Theta = 2$, $K = 3$, two test points with $\Theta_{\mathcal{BA}} = (1, 4)$,
# $K_{\mathcal{BA}} = (1, 2)$ as columns and $K_{\mathcal{BB}} = \begin{pmatrix}4 & 1\\ 1 & 6\end{pmatrix}$. Then $A =
# (\frac12, 2)$. Upper left entry: $4 - 2\cdot\frac12\cdot 1 + \frac14\cdot 3 = 3.75$. Lower right: $6 - 2\cdot
# 2\cdot 2 + 4\cdot 3 = 10$: *more* than the 6 it had before training, for these made-up numbers. Off the diagonal: $1 -
# \frac12\cdot 2 - 2\cdot 1 + \frac12\cdot 2\cdot 3 = 1$.

# %% [markdown]
# ## Exercise 3 · `ensemble_covariance`
#
# Difficulty ●●● · 25 minutes · 4 points
#
# **Equation**: (10.41).
#
# | | shape | |
# |---|---|---|
# | `Theta_train`, `Theta_test` | `(n, n)`, `(m, n)` | $\Theta_{\mathcal{AA}}$, $\Theta_{\mathcal{BA}}$ |
# | `K_train`, `K_test`, `K_test_test` | `(n, n)`, `(m, n)`, `(m, m)` | $K_{\mathcal{AA}}$, $K_{\mathcal{BA}}$, $K_{\mathcal{BB}}$; so $K_{\mathcal{AB}}$ is `K_test.T` |
# | returns | `(m, m)` | covariance of one output at the test inputs; symmetric |


# %% role="answer" exercise="ensemble_covariance"
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    """Covariance (m, m) of one output of wide trained networks, over their random starts."""
    ### BEGIN SOLUTION
    A = np.linalg.solve(Theta_train, Theta_test.T).T  # Theta_train is symmetric
    cross = A @ K_test.T
    return K_test_test - cross - cross.T + A @ K_train @ A.T
    ### END SOLUTION


# %% role="visible" exercise="ensemble_covariance"
t = lab.tests("ensemble_covariance")
one = np.array([[2.0]]), np.array([[1.0], [4.0]]), np.array([[3.0]]), np.array([[1.0], [2.0]])
K_test_test = np.array([[4.0, 1.0], [1.0, 6.0]])
wrong = {
    "doubled": "one cross term is taken twice: they are each other's transposes and differ off the diagonal",
    "plus": "the cross terms have a minus sign: training removes what the training points tell",
    "quadratic": "the last term A K A^T is missing (then a variance may become negative)",
    "Theta inside": "Θ stands where K belongs inside A K A^T: the start has covariance K",
    "bayes": "this is the Bayesian formula: it has K in place of Θ; A needs Θ",
    "bayes NTK": "every kernel is Θ here: the random start has covariance K",
    "literal": "the inverse is missing in A = Θ_test Θ_train⁻¹",
    "one cross": "one of the two cross terms is missing",
    "diagonal": "return the whole matrix (m, m), not its diagonal",
    "prior": "this is the spread before training, K_test_test",
    "transposed": "K_test is transposed in the cross term: A K_AB, with K_AB = K_test.T",
}
t.close(
    "one training and two test points, by hand",
    lambda: ensemble_covariance(*one, K_test_test),
    np.array([[3.75, 1.0], [1.0, 10.0]]),
    rtol=1e-6,
    atol=1e-7,
    mistakes={
        wrong["doubled"]: np.array([[3.75, 2.0], [0.0, 10.0]]),
        wrong["doubled"] + ".": np.array([[3.75, 0.0], [2.0, 10.0]]),
        wrong["plus"]: np.array([[5.75, 7.0], [7.0, 26.0]]),
        wrong["quadratic"]: np.array([[3.0, -2.0], [-2.0, -2.0]]),
        wrong["Theta inside"]: np.array([[3.5, 0.0], [0.0, 6.0]]),
        wrong["bayes"]: np.array([[4 - 1 / 3, 1 - 2 / 3], [1 - 2 / 3, 6 - 4 / 3]]),
        wrong["bayes NTK"]: np.array([[3.5, -1.0], [-1.0, -2.0]]),
        wrong["literal"]: np.array([[12.0, 37.0], [37.0, 166.0]]),
        wrong["one cross"]: np.array([[4.25, 3.0], [2.0, 14.0]]),
        wrong["one cross"] + ".": np.array([[4.25, 2.0], [3.0, 14.0]]),
        wrong["diagonal"]: np.array([3.75, 10.0]),
        "standard deviations: return the whole covariance matrix (m, m)": np.sqrt([3.75, 10.0]),
        wrong["prior"]: K_test_test,
    },
)
two = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[2.0, 1.0], [4.0, 5.0]])  # so A = [[1, 0], [1, 2]]
two += np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([[1.0, 0.0], [1.0, 1.0]])
t.close(
    "two and two, by hand: A = [[1, 0], [1, 2]]",
    lambda: ensemble_covariance(*two, np.array([[3.0, 1.0], [1.0, 5.0]])),
    np.array([[3.0, 3.0], [3.0, 17.0]]),
    rtol=1e-6,
    atol=1e-7,
    mistakes={
        wrong["transposed"]: np.array([[3.0, 2.0], [2.0, 19.0]]),
        "A is transposed somewhere: A = Θ_test Θ_train⁻¹ has one row per test point": np.array(
            [[8.0, 7.0], [7.0, 13.0]]
        ),
    },
)
root, other = t.rng.standard_normal((8, 8)), t.rng.standard_normal((8, 8))
K, Theta = root @ root.T + np.eye(8), other @ other.T + np.eye(8)
blocks_of = Theta[:5, :5], Theta[5:, :5], K[:5, :5], K[5:, :5], K[5:, 5:]
t.close(
    "at the training points nothing is left: all networks agree there",
    lambda: ensemble_covariance(Theta[:5, :5], Theta[:5, :5], K[:5, :5], K[:5, :5], K[:5, :5]),
    np.zeros((5, 5)),
    atol=1e-3,  # float32 at entries of about 10; float64 leaves 1e-13
)
t.close(
    "Θ enters only through A: a hundred times Θ changes nothing",
    lambda: ensemble_covariance(100 * blocks_of[0], 100 * blocks_of[1], *blocks_of[2:]),
    lambda: ensemble_covariance(*blocks_of),
    rtol=1e-5,
    atol=1e-5,
)
t.holds(
    "a covariance matrix is symmetric and has no negative eigenvalue",
    lambda: (
        np.allclose(ensemble_covariance(*blocks_of), np.asarray(ensemble_covariance(*blocks_of)).T, atol=1e-3)
        and np.linalg.eigvalsh(np.asarray(ensemble_covariance(*blocks_of), dtype=float)).min() > -1e-3
    ),
    "not symmetric, or with negative variances: are both cross terms there, with their signs, and A K A^T?",
)
t.report()

# %% role="hidden" exercise="ensemble_covariance" points=4
# Hidden tests: fresh kernels, m < n, m = n, m > n; equal kernels; networks without a random start; training points.
### BEGIN HIDDEN TESTS
t = lab.tests("ensemble_covariance", hidden=True)
posterior = lab.reference("regression.posterior")
for what, n, m in [("m < n", 5, 3), ("m = n", 4, 4), ("m > n", 2, 5), ("one each", 1, 1)]:
    drawn = []
    for _ in range(2):
        turn = np.linalg.qr(t.rng.standard_normal((n + m, n + m)))[0]
        joint = turn @ np.diag(np.geomspace(0.5, 8.0, n + m)) @ turn.T
        drawn.append((joint + joint.T) / 2)
    Theta, K = drawn
    a, s, k, ks, kss = Theta[:n, :n], Theta[n:, :n], K[:n, :n], K[n:, :n], K[n:, n:]
    right = posterior(a, s, k, ks, kss, np.zeros(n))[1]
    B = s @ np.linalg.inv(a)  # A of (10.41)
    bare, both = B @ ks.T, B @ ks.T + ks @ B.T
    mistakes = {
        "one cross term is taken twice": kss - 2 * bare + B @ k @ B.T,
        "one cross term is taken twice (the other one)": kss - 2 * bare.T + B @ k @ B.T,
        "the cross terms have a minus sign": kss + both + B @ k @ B.T,
        "the last term A K A^T is missing": kss - both,
        "Θ stands where K belongs inside A K A^T": kss - both + B @ a @ B.T,
        "this is the Bayesian formula: A needs Θ": kss - ks @ np.linalg.solve(k, ks.T),
        "every kernel is Θ here: the random start has covariance K": kss - B @ s.T,
        "the inverse is missing in A": kss - s @ a @ ks.T - ks @ a @ s.T + s @ a @ k @ a @ s.T,
        "one of the two cross terms is missing": kss - bare + B @ k @ B.T,
        "one of the two cross terms is missing (the other one)": kss - bare.T + B @ k @ B.T,
        "return the whole matrix (m, m), not its diagonal": np.diag(right),
        "this is the spread before training": kss,
    }
    if n == m:
        mistakes["K_test is transposed in the cross term"] = kss - B @ ks - (B @ ks).T + B @ k @ B.T
        mistakes["A is transposed somewhere"] = kss - B.T @ ks.T - ks @ B + B.T @ k @ B
    t.close(
        what,
        lambda: ensemble_covariance(a, s, k, ks, kss),
        right,
        rtol=1e-5,  # condition numbers up to 16: float64 solves err by 1e-14
        atol=1e-6,
        mistakes=mistakes,
    )
    t.close(
        f"equal kernels, {what}",
        lambda: ensemble_covariance(k, ks, k, ks, kss),
        kss - ks @ np.linalg.solve(k, ks.T),
        rtol=1e-5,
        atol=1e-6,
        mistakes={"the last term A K A^T is missing": kss - 2 * ks @ np.linalg.solve(k, ks.T)},
    )
    t.close(
        f"training points among the test points, {what}",
        lambda: ensemble_covariance(
            a, np.vstack([a[:1], s]), k, np.vstack([k[:1], ks]), np.block([[k[:1, :1], ks[:, :1].T], [ks[:, :1], kss]])
        ),
        np.pad(right, ((1, 0), (1, 0))),
        rtol=1e-5,
        atol=1e-5,
    )
t.close(
    "networks that all start from 0 do not differ",
    lambda: ensemble_covariance(a, s, 0 * k, 0 * ks, 0 * kss),
    0 * kss,
    atol=1e-6,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="ensemble_covariance"
# <details><summary>Hint 1 · concept</summary>
#
# The deviation of a trained network is a linear function of its start: test part minus $A$ times training part. The
# covariance of "first minus matrix times second" has four terms, like $(a - b)^2$. Two of them are transposes of each
# other.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $A$ is `(m, n)`. `np.linalg.solve(M, B)` gives $M^{-1}B$, but you need $\Theta_{\mathcal{BA}}\Theta_{\mathcal{AA}}^{-1}$,
# with the inverse on the *right*: since $\Theta_{\mathcal{AA}}$ is symmetric, it is the transpose of
# $\Theta_{\mathcal{AA}}^{-1}\Theta_{\mathcal{AB}}$. All four terms are `(m, m)`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# First `A`: solve with the training NTK and the *transposed* test NTK, then transpose the result. Then a name for the cross
# term, `A` times the transposed test kernel `K_test`; subtract it and its own `.T` from `K_test_test`. Last, add `A`,
# `K_train` and `A.T` multiplied in this order.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# The next cell draws your mean and the band of two standard deviations for the ten points of section 1, and on the
# left the band before training. **Write down first**: (1) How wide is the band at a training point? (2) How wide is it in
# the middle of the wide gap (0°) compared with the narrow one (180°)? (3) A classmate doubles all targets. What
# happens to the band?


# %% role="figure" name="band"
def blocks(train, test, hidden_layers=1, last_layer_only=False):
    """Theta_train, Theta_test, K_train, K_test, K_test_test of your kernels, with the settings of section 1."""
    which = np.eye(hidden_layers + 1)[-1] if last_layer_only else np.ones(hidden_layers + 1)
    C_b, C_W = settings["C_b"], settings["C_W"]
    both = deep_relu_kernels(np.vstack([train, test]), hidden_layers, C_b, C_W, C_b * which, C_W * which)
    K, Theta = (np.asarray(kernel, dtype=float) for kernel in both)
    n = len(train)
    return Theta[:n, :n], Theta[n:, :n], K[:n, :n], K[n:, :n], K[n:, n:]


def deviation(covariance):
    return np.sqrt(np.maximum(np.diag(covariance), 0.0))  # rounding leaves −1e-9 at a training point


def draw_band(ax, mean, std, label="two standard deviations"):
    ax.fill_between(all_degrees, mean - 2 * std, mean + 2 * std, color="0.8", lw=0, label=label)
    for edge in (mean - 2 * std, mean + 2 * std):
        ax.plot(all_degrees, edge, "k--", lw=0.9, zorder=4)
    ax.plot(all_degrees, mean, "k-", lw=1.8, zorder=4, label="predicted mean")


circle = blocks(X_train, X_test)
mean = ensemble_mean(*circle[:2], y_train)
std = deviation(ensemble_covariance(*circle))
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True)
draw_band(axes[0], np.zeros(len(X_test)), deviation(circle[4]))
draw_band(axes[1], mean, std)
axes[1].plot(all_degrees, y_test, "k:", lw=1.2, label="true function")
for ax, title in zip(axes, ["before training: mean 0, covariance K", "after: (10.40) and (10.41)"], strict=True):
    training_points(ax, label=None)
    ax.set(title=title)
axes[0].set(ylabel="output of the network")
axes[1].legend(loc="lower right", fontsize=8)
plt.show()
at = {angle: float(std[all_degrees == angle][0]) for angle in (0, 180)}
print(f"standard deviation before: {deviation(circle[4])[0]:.2f}; after, at 0°: {at[0]:.2f}, at 180°: {at[180]:.2f}")
print(f"at the training points: {deviation(ensemble_covariance(*blocks(X_train, X_train))).max():.1e}")

# %% [markdown]
# <details><summary>Compare with the expected picture (open after running)</summary>
#
# ![Two panels against the angle of the input. Left: before training, mean 0 and a grey band of constant width. Right: after training the mean passes through the ten points; the band has width zero at each point, is thin between neighbours and bulges in the two gaps, most around 0 degrees. The dotted true function lies inside it.](band.png)
#
# (1) Zero. (2) Wider in the wider gap, about twice. (3) Nothing: the band does not know the targets. Here the true function lies
# inside. Had it a bump in the gap, where nobody looked, the band would be the same: *it says how much networks differ
# from each other, not how far they are from the truth*. Keep that for question A.
#
# </details>
#
# ### Turn the knob
#
# The same picture for the first few training points only, in a mixed order. Five thin lines are single networks, drawn
# from your Gaussian without training any.


# %% role="figure" name="slider"
def draw(points):
    chosen = np.array([7, 2, 5, 0, 9, 4, 1, 8, 3, 6])[:points]
    theta, theta_s, k, k_s, k_ss = blocks(X_train[chosen], X_test)
    mean, covariance = ensemble_mean(theta, theta_s, y_train[chosen]), ensemble_covariance(theta, theta_s, k, k_s, k_ss)
    values, vectors = np.linalg.eigh(covariance)
    start = np.random.default_rng(1).standard_normal((5, len(values)))  # five networks
    fig, ax = plt.subplots(figsize=(5, 3.2))
    draw_band(ax, mean, deviation(covariance))
    ax.plot(all_degrees, (mean + (start * np.sqrt(np.maximum(values, 0))) @ vectors.T).T, color="0.35", lw=0.7)
    ax.plot(degrees[chosen], y_train[chosen], "ko", ms=6, mfc="white", mew=1.5, zorder=5)
    ax.set(xlabel="angle of the input in degrees", ylabel="output", ylim=(-4, 4), xticks=range(-180, 181, 90))
    return fig


lab.slider(
    draw,
    points=[1, 2, 5, 10],
    alt="Mean, band and five sampled networks after training on 1, 2, 5 and 10 points: the band closes where data are",
)

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Four panels for 1, 2, 5 and 10 training points. With one point the grey band pinches to zero there and is wide elsewhere; with every further point it closes near that point, and five thin sampled curves run within it.](slider.png)
#
# </details>

# %% [markdown]
# ## 6 · The one place where gradient descent is Bayesian inference
#
# A Bayesian does not train. They take the random network as a *prior* over functions, a Gaussian process with
# covariance $K$, and condition it on the data. The result, (6.57) and (6.64) of S1, is
#
# $$m = K_{\mathcal{BA}}\,K_{\mathcal{AA}}^{-1}\,y, \qquad \mathrm{Cov} = K_{\mathcal{BB}} - K_{\mathcal{BA}}\,K_{\mathcal{AA}}^{-1}\,K_{\mathcal{AB}}.$$
#
# Compare (10.40) and (10.41): put $K$ for $\Theta$, so that $A = K_{\mathcal{BA}}K_{\mathcal{AA}}^{-1}$, and the last term of (10.41) cancels
# one of the two cross terms. **Gradient descent is Bayesian inference when $\Theta = K$.** When is that? Look at (10.45): with
# $\lambda_b = C_b$ and $\lambda_W = C_W$ in the last layer, (10.46), and all other rates 0, (10.48), the NTK of every
# layer below vanishes and what remains is (10.44). In words: **train the last layer only**. That was the worked example
# of section 2. Train more, and you get something else, neither wrong nor Bayesian.
#
# **By hand.** $K_{\mathcal{AA}} = \begin{pmatrix}2 & 1\\ 1 & 2\end{pmatrix}$, $y = (3, 0)$, three test points with rows
# $(3, 0)$, $(1, 1)$, $(0, 1)$ of $K_{\mathcal{BA}}$. As in section 4, $K^{-1}y = (2, -1)$, so the means are $6, 1, -1$.
# For the row $(3, 0)$: $K^{-1}(3, 0)^\top = (2, -1)^\top$, so its variance falls by $3\cdot 2 + 0\cdot(-1) = 6$.

# %% [markdown]
# ## Exercise 4 · `bayesian_posterior`
#
# Difficulty ●●○ · 15 minutes · 3 points
#
# **Equation**: (6.57) and (6.64), which are (10.40) and (10.41) at $\Theta = K$, (10.49).
#
# | | shape | |
# |---|---|---|
# | `K_train`, `K_test`, `K_test_test` | `(n, n)`, `(m, n)`, `(m, m)` | kernel of train × train, test × train, test × test |
# | `y` | `(n,)` or `(n, c)` | targets, without noise |
# | returns | a pair `(mean, cov)` | `(m,)` or `(m, c)`, like `y`; and `(m, m)` |


# %% role="answer" exercise="bayesian_posterior"
def bayesian_posterior(K_train, K_test, K_test_test, y):
    """Posterior mean (m,) or (m, c) and covariance (m, m) of a Gaussian process with kernel K, given targets y."""
    ### BEGIN SOLUTION
    n = len(K_train)
    targets = np.reshape(y, (n, -1))
    solved = np.linalg.solve(K_train, np.hstack([targets, K_test.T]))  # one factorisation for both
    c = targets.shape[1]
    mean = (K_test @ solved[:, :c]).reshape(-1, *np.shape(y)[1:])
    return mean, K_test_test - K_test @ solved[:, c:]
    ### END SOLUTION


# %% role="visible" exercise="bayesian_posterior"
t = lab.tests("bayesian_posterior")
K_train, K_test = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[3.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
K_test_test, y = np.array([[8.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 3.0]]), np.array([3.0, 0.0])
gain = np.array([[6.0, 1.0, -1.0], [1.0, 2 / 3, 1 / 3], [-1.0, 1 / 3, 2 / 3]])  # K_BA K⁻¹ K_AB
t.holds(
    "a pair",
    lambda: len(bayesian_posterior(K_train, K_test, K_test_test, y)) == 2,
    "return two things: the mean, then the covariance",
)
t.close(
    "the mean, by hand",
    lambda: bayesian_posterior(K_train, K_test, K_test_test, y)[0],
    np.array([6.0, 1.0, -1.0]),
    rtol=1e-6,
    atol=1e-7,
    mistakes={
        "the two are exchanged: the mean first, then the covariance": K_test_test - gain,
        "the inverse of K_train is missing in the mean": K_test @ K_train @ y,
        "K_train does not enter the mean": K_test @ y,
        "1 is added to the diagonal: the data carry no noise here": np.array([27 / 8, 6 / 8, -3 / 8]),
    },
)
t.close(
    "the covariance, by hand",
    lambda: bayesian_posterior(K_train, K_test, K_test_test, y)[1],
    K_test_test - gain,
    rtol=1e-6,
    atol=1e-7,
    mistakes={
        "the sign is wrong: data make the posterior narrower than the prior": K_test_test + gain,
        "only the variances: return the whole matrix (m, m)": np.diag(K_test_test - gain),
        "a root is taken: return the covariance, not standard deviations": np.sqrt(K_test_test - gain),
        "standard deviations: return the whole covariance matrix (m, m)": np.sqrt(np.diag(K_test_test - gain)),
        "the prior's covariance is missing: this is only what the data take away": gain,
        "this is the prior: the data must make it narrower": K_test_test,
        "the inverse of K_train is missing in the covariance": K_test_test - K_test @ K_train @ K_test.T,
        "K_train does not enter the covariance": K_test_test - K_test @ K_test.T,
        "the gain is taken twice: at Θ = K the last term of (10.41) cancels one cross term": K_test_test - 2 * gain,
        "1 is added to the diagonal: the data carry no noise here": (
            K_test_test - np.array([[27, 6, -3], [6, 4, 2], [-3, 2, 3]]) / 8
        ),
    },
)
t.close(
    "at the training points: the targets, with certainty",
    lambda: bayesian_posterior(K_train, K_train, K_train, np.array([[3.0, 1.0], [0.0, -1.0]])),
    (np.array([[3.0, 1.0], [0.0, -1.0]]), np.zeros((2, 2))),
    rtol=1e-5,
    atol=1e-5,
)
t.report()

# %% role="hidden" exercise="bayesian_posterior" points=3
# Hidden tests: fresh kernels, one output and several, one point of each kind; all data at once or one after the other.
### BEGIN HIDDEN TESTS
t = lab.tests("bayesian_posterior", hidden=True)
reference = lab.reference("regression.bayesian_posterior")
for what, n, m, c in [
    ("one output", 5, 3, None),
    ("two outputs", 3, 6, 2),
    ("m = n", 4, 4, None),
    ("one each", 1, 1, None),
]:
    turn = np.linalg.qr(t.rng.standard_normal((n + m, n + m)))[0]
    joint = turn @ np.diag(np.geomspace(0.5, 8.0, n + m)) @ turn.T
    joint = (joint + joint.T) / 2
    k, ks, kss = joint[:n, :n], joint[n:, :n], joint[n:, n:]
    y = t.rng.standard_normal(n if c is None else (n, c)) + 1.0
    mean, cov = reference(k, ks, kss, y)
    ridged = reference(k, ks, kss, y, ridge=1.0)
    t.close(
        f"the mean, {what}",
        lambda: bayesian_posterior(k, ks, kss, y)[0],
        mean,
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "the two are exchanged: the mean first, then the covariance": cov,
            "the inverse of K_train is missing in the mean": ks @ k @ y,
            "K_train does not enter the mean": ks @ y,
            "1 is added to the diagonal: the data carry no noise here": ridged[0],
        },
    )
    t.close(
        f"the covariance, {what}",
        lambda: bayesian_posterior(k, ks, kss, y)[1],
        cov,
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "the sign is wrong: data make the posterior narrower": 2 * kss - cov,
            "only the variances: return the whole matrix (m, m)": np.diag(cov),
            "the prior's covariance is missing": kss - cov,
            "this is the prior": kss,
            "the inverse of K_train is missing in the covariance": kss - ks @ k @ ks.T,
            "K_train does not enter the covariance": kss - ks @ ks.T,
            "the gain is taken twice": 2 * cov - kss,
            "1 is added to the diagonal: the data carry no noise here": ridged[1],
        },
    )
t.close(
    "at the training points, one output",
    lambda: bayesian_posterior(k, np.vstack([k, ks]), np.block([[k, ks.T], [ks, kss]]), y),
    (np.concatenate([y, mean]), np.pad(cov, ((1, 0), (1, 0)))),
    rtol=1e-5,
    atol=1e-5,
)
t.close(
    "test points that have nothing to do with the data keep the prior",
    lambda: bayesian_posterior(k, 0 * ks, kss, y)[1],
    kss,
    rtol=1e-5,
    atol=1e-6,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="bayesian_posterior"
# <details><summary>Hint 1 · concept</summary>
#
# You have coded both halves already, with $\Theta$ where $K$ now stands. What happens to the four terms of (10.41) when
# $A = K_{\mathcal{BA}}K_{\mathcal{AA}}^{-1}$? Three of them are equal up to their signs.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Mean: `K_test` times the solution of `K_train` $u = y$. Covariance: `K_test_test`, `(m, m)`, minus `K_test` `(m, n)`
# times the solution of `K_train` $V = K_{\mathcal{AB}}$, where $K_{\mathcal{AB}}$ is `(n, m)`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Two calls of `np.linalg.solve` with `K_train`: the right-hand sides are `y`, and `K_test` transposed. Multiply each
# result by `K_test` from the left; subtract the second product from `K_test_test`. Return both. (Or call your
# functions from exercises 2 and 3 with $K$ in every place: that is (10.49), literally.)
#
# </details>

# %% [markdown]
# ### See it: the same, by training the last layer only
#
# The rates of (10.46) and (10.48) in *your* recursion, for two hidden layers, through *your* (10.40) and (10.41), against
# your Bayesian formula:

# %% role="demo" name="last-layer"
last = blocks(X_train, X_test, hidden_layers=2, last_layer_only=True)
bayes_mean, bayes_cov = bayesian_posterior(*last[2:], y_train)
print(f"largest difference of Θ and K:             {abs(last[1] - last[3]).max():.1e}")
print(f"largest difference of the two means:       {abs(ensemble_mean(*last[:2], y_train) - bayes_mean).max():.1e}")
print(f"largest difference of the two covariances: {abs(ensemble_covariance(*last) - bayes_cov).max():.1e}")

# %% [markdown]
# ## 7 · A hundred networks, or a thousand
#
# Now the theory meets networks. The next cell trains an ensemble on the ten points: 100 networks of width 2,048 on a
# CPU, 1,000 of width 8,192 on a GPU. It makes a second ensemble of which only the last layer is trained. That one is a
# linear model on random features, so its end of training can be solved for (lab 2) and needs no steps.
#
# **Predict, then run.** Two laws are on the table: the NTK's (10.40)–(10.41) and the Bayesian one, both with one hidden
# layer. (1) Which of the two bands is wider? (2) How many of the 100 networks do you expect outside the band of two
# standard deviations at a given angle? (3) Will 100 networks be enough to tell the two laws apart?

# %% role="gpu" name="ensemble"
device = networks.default_device()
n_networks = networks.pick_size(cpu=100, cuda=1000)
width = networks.pick_size(cpu=2048, cuda=8192)
trained, worst_loss = trained_networks(range(n_networks), width, device)


def last_layer_network(seed):
    """Outputs (121,) after training only the read-out of one network, to the end."""
    net = networks.NTKNet(2, width, seed=seed, **settings)
    start = net(np.vstack([X_train, X_test]))[:, 0]
    hidden = np.maximum(net.preactivations(np.vstack([X_train, X_test]))[0], 0)
    n = len(X_train)
    kernel = settings["C_b"] + settings["C_W"] * hidden @ hidden[:n].T / width
    return start[n:] + kernel[n:] @ np.linalg.solve(kernel[:n], y_train - start[:n])


read_out = np.array([last_layer_network(seed) for seed in range(n_networks)])
print(f"{n_networks} networks of width {width:,} on {device}: largest training loss {worst_loss:.0e}")

# %% role="gpu" name="overlay"
laws = {
    "NTK": (ensemble_mean(*circle[:2], y_train), ensemble_covariance(*circle)),
    "Bayes": bayesian_posterior(*circle[2:], y_train),
}
fig, axes = plt.subplots(1, 2, figsize=(9.5, 4), sharey=True)
titles = ["all layers trained: band of (10.41)", "last layer trained: Bayesian band"]
for ax, outputs, law, title in zip(axes, [trained, read_out], laws.values(), titles, strict=True):
    draw_band(ax, law[0], deviation(law[1]))
    ax.plot(all_degrees, outputs.T, color="0.25", lw=0.4, alpha=max(0.1, 20 / n_networks))
    training_points(ax, label=None)
    ax.set(title=f"{title}, {n_networks} networks")
axes[0].set(ylabel="output of the trained network")
axes[0].legend(loc="lower right", fontsize=9)
plt.show()
off = deviation(laws["NTK"][1]) > 0.02  # away from the training points
for name, outputs, law in [("all layers", trained, laws["NTK"]), ("last layer", read_out, laws["Bayes"])]:
    inside = (np.abs(outputs - law[0]) < 2 * deviation(law[1]))[:, off].mean()
    print(f"{name}: {inside:.1%} of all outputs inside the band (a Gaussian has 95.4 %)")

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Two panels against the angle of the input, each with 100 thin curves of trained networks, ten training points, the predicted mean and a grey band of two standard deviations. All curves pass through the points and fill the band in the gaps, whose edges are dashed; few leave it. The band on the left, for fully trained networks, is a little wider than the Bayesian band on the right, for networks whose last layer alone was trained.](overlay.png)
#
# No network was used to draw the bands, and no kernel to train the networks.
#
# </details>
#
# **Which law?** At a single angle, 100 networks measure a variance to $\sqrt{2/100} = 14\,\%$. The two laws' variances differ by a
# third in the gaps, 20 % near the data: one angle is a weak witness, and neighbouring angles tell nearly the same story. A
# fair test asks several angles *together*. If the outputs $z$ at $r$ angles are Gaussian with mean $\mu$ and covariance
# $C$, then $(z - \mu)^\top C^{-1}(z - \mu)/r$ is 1 on average, and over $S$ networks it scatters by $\sqrt{2/(rS)}$:

# %% role="gpu" name="law"
witnesses = np.flatnonzero(np.isin(all_degrees, [-99, -30, 0, 21, 78, 180]))
scatter = np.sqrt(2 / (len(witnesses) * n_networks))


def squared_distance(outputs, law):
    """Mean of (z − μ)ᵀ C⁻¹ (z − μ) / r over the networks: 1 if they follow this law."""
    miss = (outputs - law[0])[:, witnesses]
    C = law[1][np.ix_(witnesses, witnesses)]
    return np.mean(np.sum(miss.T * np.linalg.solve(C, miss.T), axis=0)) / len(witnesses)


print(f"a law that is right gives 1.00 ± {scatter:.2f}")
for name, outputs in [("all layers trained", trained), ("last layer trained", read_out)]:
    print(
        f"{name}:  NTK law {squared_distance(outputs, laws['NTK']):.2f}, Bayesian law {squared_distance(outputs, laws['Bayes']):.2f}"
    )

fig, ax = plt.subplots(figsize=(7.2, 3.6))
angles, reach = all_degrees[off], np.sqrt(2 / (n_networks - 1))
variances = {name: np.diag(law[1])[off] for name, law in laws.items()}
ax.axhspan(1 - 2 * reach, 1 + 2 * reach, color="0.88", lw=0, label=f"two sampling errors of {n_networks} networks")
ax.axhline(1, color="k", lw=1)
ax.plot(angles, trained.var(axis=0, ddof=1)[off] / variances["NTK"], "ko", ms=3.5, label="all layers trained")
ax.plot(
    angles, read_out.var(axis=0, ddof=1)[off] / variances["NTK"], "k^", ms=4, mfc="white", label="last layer trained"
)
ax.plot(angles, variances["Bayes"] / variances["NTK"], "k_", ms=5, label="Bayesian variance / NTK variance")
ax.set(xlabel="angle of the input in degrees", ylabel="variance / NTK variance (10.41)", xticks=range(-180, 181, 90))
ax.set(ylim=(0.3, 2.1))
ax.legend(fontsize=8, ncols=2, loc="upper center")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Ratio of measured to predicted variance against the angle. A grey strip around 1 shows two sampling errors. Filled circles, networks with all layers trained, wander over the strip around 1 and a little beyond; open triangles, networks with only the last layer trained, lie lower, around short dashes between 0.6 and 0.8, the ratio of the Bayesian to the NTK variance.](law.png)
#
# (1) The NTK's band is wider, at every angle; question A asks you to prove that it must be. (2) About 5 of 100. (3) At
# one angle, no: the dots of one ensemble wander over the whole grey strip, neighbours together. Over six angles together,
# yes: the right law gives 1 within its error, the wrong one 1.4 or 0.86 here.
#
# With 1,000 networks of width 8,192 the strip shrinks to ±9 %, so that single angles suffice, and the four numbers are 1.03,
# 1.41, 0.87 and 1.01, each ±0.02. With 100 *narrow* networks, width 64, the fully trained ones give 0.84 for the
# NTK and 1.17 for Bayes: both laws fail. That is finite width, not chance, and more networks only show it more precisely.
#
# </details>

# %% [markdown]
# ## 8 · The test loss of an ensemble
#
# You know the whole distribution, so you know its average test loss *before training*. With S1's loss $\mathcal L =
# \frac12\sum_{i,\beta}(z_{i\beta} - y_{i\beta})^2$, summed over test points $\beta$ and outputs $i$, put $z - y = (z - m) + (m -
# y)$; the mixed term has mean 0 and
#
# $$\mathbb E[\mathcal L] = \underbrace{\tfrac12\sum_{i,\beta}(m_{i\beta} - y_{i\beta})^2}_{\text{bias}} + \underbrace{\tfrac12\sum_{i,\beta}\mathrm{Cov}_{\beta\beta}}_{\text{variance}}. \qquad (10.52)$$
#
# The covariance is the same for each output $i$, so that the sum over $i$ in the second term is a factor $c$. Note
# what is *averaged over*: the seeds, not the training sets of a statistics course (S1, footnote 26). And mind the ½: S1's
# footnote 27 calls the bias "precisely the square" of the deviation, but with (10.5) it is half of it.
#
# **By hand.** Four test points, three outputs: deviations $(1, 0, 1), (0, 2, 0), (0, 0, 0), (1, 0, 1)$, variances $0.5, 0.3,
# 0.2, 0.2$. Bias $\frac12(2 + 4 + 0 + 2) = 4$; variance $\frac12\cdot 3\cdot(0.5 + 0.3 + 0.2 + 0.2) = 1.8$.

# %% [markdown]
# ## Exercise 5 · `bias_variance`
#
# Difficulty ●○○ · 15 minutes · 3 points
#
# **Equation**: (10.52).
#
# | | shape | |
# |---|---|---|
# | `mean` | `(m,)` or `(m, c)` | mean prediction $m^\infty$ |
# | `cov` | `(m, m)` | covariance of *one* output |
# | `y` | like `mean` | true outputs |
# | returns | a pair of numbers `(bias, variance)` | sums, not means, each with its ½ |


# %% role="answer" exercise="bias_variance"
def bias_variance(mean, cov, y):
    """The two parts of the ensemble's mean test loss 1/2 sum (z - y)^2: (bias, variance), two numbers."""
    ### BEGIN SOLUTION
    outputs = np.size(mean) // len(mean)
    bias = np.sum((mean - y) ** 2) / 2
    variance = outputs * np.trace(cov) / 2
    return float(bias), float(variance)
    ### END SOLUTION


# %% role="visible" exercise="bias_variance"
t = lab.tests("bias_variance")
y = np.array([[0.0, 0.0, 0.0], [2.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 3.0, 0.0]])
mean = y + np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0]])
cov = np.diag([0.5, 0.3, 0.2, 0.2])
cov[0, 1] = cov[1, 0] = 0.1
cov[0, 2] = cov[2, 0] = 0.2
t.close(
    "four test points, three outputs, by hand",
    lambda: bias_variance(mean, cov, y),
    (4.0, 1.8),
    rtol=1e-5,
    mistakes={
        "both lack the ½ of the loss": (8.0, 3.6),
        "the bias lacks the ½ of the loss": (8.0, 1.8),
        "the variance lacks the ½ of the loss": (4.0, 3.6),
        "means over the test points: the loss is a sum": (1.0, 0.45),
        "means over points and outputs: the loss is a sum": (1 / 3, 0.15),
        "means without the ½: the loss is ½ times a sum": (2 / 3, 0.3),
        "the variance counts one output: each of the c outputs has this covariance": (4.0, 0.6),
        "the variance is a plain mean of variances: ½ of their sum, for each of the c outputs": (4.0, 0.3),
        "the deviations are summed before they are squared": (18.0, 1.8),
        "the bias is not squared": (3.0, 1.8),
        "the whole covariance matrix is summed: only a point's variance with itself enters, the diagonal": (4.0, 2.7),
        "the whole covariance matrix is summed, for one output only: take its trace, c times": (4.0, 0.9),
        "roots are taken: (10.52) has squares and variances": (2.0, 1.8),
        "the two are exchanged: the bias first": (1.8, 4.0),
    },
)
t.close(
    "one output as a plain vector",
    lambda: bias_variance(np.array([1.0, 2.0]), np.array([[0.5, 0.1], [0.1, 0.3]]), np.array([0.0, 2.0])),
    (0.5, 0.4),
    rtol=1e-5,
    mistakes={"the number of outputs is taken for the number of points: (m,) means one output": (0.5, 0.8)},
)
root = t.rng.standard_normal((4, 4))
networks_at = mean[None] + np.einsum("ab,sbi->sai", root, t.rng.standard_normal((100_000, 4, 3)))
losses = ((networks_at - y) ** 2).sum(axis=(1, 2)) / 2
t.holds(
    "bias + variance is the mean loss of 100,000 sampled networks, within five standard errors",
    lambda: abs(sum(bias_variance(mean, root @ root.T, y)) - losses.mean()) < 5 * losses.std() / np.sqrt(100_000),
    "bias + variance is not the mean loss: is each of the two the whole of its term in (10.52)?",
)
t.report()

# %% role="hidden" exercise="bias_variance" points=3
# Hidden tests: fresh ensembles with one output and several; a single point; no spread; a perfect mean.
### BEGIN HIDDEN TESTS
t = lab.tests("bias_variance", hidden=True)
reference = lab.reference("regression.bias_variance")
for what, m, c in [
    ("three outputs", 5, 3),
    ("one output", 4, None),
    ("one output as a column", 6, 1),
    ("one point", 1, 4),
]:
    mean, y = (t.rng.standard_normal(m if c is None else (m, c)) for _ in range(2))
    root = t.rng.standard_normal((m, m))
    cov = root @ root.T
    bias, variance = reference(mean, cov, y)
    outputs = c or 1
    t.close(
        what,
        lambda: bias_variance(mean, cov, y),
        (bias, variance),
        rtol=1e-5,
        mistakes={
            "both lack the ½ of the loss": (2 * bias, 2 * variance),
            "the bias lacks the ½ of the loss": (2 * bias, variance),
            "the variance lacks the ½ of the loss": (bias, 2 * variance),
            "means over the test points: the loss is a sum": (bias / m, variance / m),
            "means over points and outputs": (bias / m / outputs, variance / m / outputs),
            "means without the ½": (2 * bias / m / outputs, 2 * variance / m / outputs),
            "the variance is a plain mean of variances": (bias, 2 * variance / m / outputs),
            "the variance counts one output": (bias, variance / outputs),
            "the number of outputs is taken for the number of points": (bias, variance * m),
            "the deviations are summed before they are squared": (np.sum(mean - y) ** 2 / 2, variance),
            "the bias is not squared": (np.sum(mean - y) / 2, variance),
            "the whole covariance matrix is summed": (bias, outputs * cov.sum() / 2),
            "the whole covariance matrix is summed, for one output only": (bias, cov.sum() / 2),
            "roots are taken": (np.sqrt(bias), variance),
            "the two are exchanged: the bias first": (variance, bias),
        },
    )
t.close("no spread", lambda: bias_variance(mean, 0 * cov, y), (bias, 0.0), rtol=1e-5, atol=1e-9)
t.close("a perfect mean", lambda: bias_variance(y, cov, y), (0.0, variance), rtol=1e-5, atol=1e-9)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="bias_variance"
# <details><summary>Hint 1 · concept</summary>
#
# Two sums. The first is the loss of the *mean* network. The second does not know the truth at all: it only asks how much
# each single output varies. Which entries of the covariance matrix say that?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $\text{bias} = \frac12\sum(m - y)^2$ over all entries, whatever the shape; $\text{variance} = \frac c2\,\mathrm{tr}\,\mathrm{Cov}$,
# with $c = 1$ for a plain vector `(m,)`. The number of outputs is the number of entries of `mean` over the number of
# its rows.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.sum` of the squared differences, halved. `np.trace` of `cov`, times the number of outputs (`np.size` over `len`),
# halved. Return the two as a tuple.
#
# </details>

# %% [markdown]
# ### See it: what averaging buys
#
# If you average $k$ trained networks, the bias stays and the variance falls by $k$: the expected loss is bias +
# variance$/k$. The line uses your function and no network, the markers are averages of the networks of section 7.

# %% role="figure" name="averaging"
law = laws["NTK"]
bias, variance = (part / len(y_test) for part in bias_variance(law[0], law[1], y_test))
sizes = [1, 2, 5, 10, 20]
measured = []
for k in sizes:
    groups = trained[: n_networks // k * k].reshape(-1, k, len(y_test)).mean(axis=1)
    losses = ((groups - y_test) ** 2).sum(axis=1) / 2 / len(y_test)
    measured.append((losses.mean(), losses.std() / np.sqrt(len(losses))))
fig, ax = plt.subplots()
ks = np.geomspace(1, 25, 100)
ax.plot(ks, bias + variance / ks, "k-", label="predicted: bias + variance / k")
ax.axhline(bias, color="k", ls=":", label="bias: what no averaging removes")
ax.errorbar(
    sizes, *np.transpose(measured), fmt="ko", mfc="white", capsize=3, label="trained networks, ± standard error"
)
ax.set(xscale="log", xlabel="networks averaged, k", ylabel="test loss per point", ylim=(0, None))
ax.set_xticks(sizes, sizes)
ax.xaxis.minorticks_off()
ax.legend()
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Test loss per point against the number of averaged networks, from 1 to 20 on a logarithmic axis. A solid line falls from the sum of bias and variance towards a dotted line, the bias. Open circles with error bars, averages of trained networks, follow the solid line within their errors.](averaging.png)
#
# All markers are made of the same networks, so they err together, to one side of the line. Ten networks have most of what
# averaging can give; the rest is bias.
#
# </details>
#
# ### See it: real digits
#
# Fifty handwritten digits, odd (+1) against even (−1); 1,200 others as a test. No network is trained. The left panel
# splits the predicted test loss by depth. The right one sorts the test images by the *predicted* standard deviation, which
# has seen no label at all, into four equal groups, and counts how often the sign of the mean prediction is wrong.

# %% role="figure" name="confidence"
images, digit = datasets.digits()
order = np.random.default_rng(0).permutation(len(images))[:1250]
images, parity = 8 * images[order], np.where(digit[order] % 2 == 1, 1.0, -1.0)  # length 8, so x·x/d = 1
depths, parts = [1, 2, 3, 5, 8], []
for H in depths:
    parts_of = blocks(images[:50], images[50:], hidden_layers=H)
    digit_mean, digit_cov = ensemble_mean(*parts_of[:2], parity[:50]), ensemble_covariance(*parts_of)
    parts.append(np.array(bias_variance(digit_mean, digit_cov, parity[50:])) / 1200)
    if H == 1:
        spread, miss = deviation(digit_cov), digit_mean - parity[50:]
parts = np.array(parts)
quarter = np.argsort(np.argsort(spread)) * 4 // len(spread)
wrong_share = [np.mean(np.abs(miss[quarter == q]) > 1) for q in range(4)]
fig, axes = plt.subplots(1, 2, figsize=(9, 3.5))
axes[0].bar(range(5), parts[:, 0], color="0.75", edgecolor="0.3", label="bias")
axes[0].bar(range(5), parts[:, 1], bottom=parts[:, 0], color="white", edgecolor="0.3", hatch="///", label="variance")
axes[0].set(
    xlabel="hidden layers", ylabel="predicted test loss per image", title="50 digits, odd against even", ylim=(0, 0.42)
)
axes[0].set_xticks(range(5), depths)
axes[0].legend(ncols=2)
axes[1].bar(range(4), 100 * np.array(wrong_share), color="0.75", edgecolor="0.3")
axes[1].set(
    xlabel="test images by predicted standard deviation",
    ylabel="wrong signs in per cent",
    title="does the spread know?",
)
axes[1].set_xticks(range(4), ["lowest\nquarter", "second", "third", "highest\nquarter"])
plt.show()
for q in range(4):
    print(
        f"quarter {q + 1}: predicted s.d. {spread[quarter == q].mean():.2f}, "
        f"rms error of the mean {np.sqrt(np.mean(miss[quarter == q] ** 2)):.2f}, wrong {wrong_share[q]:.1%}"
    )

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Left: stacked bars of predicted test loss per image for 1, 2, 3, 5 and 8 hidden layers; the grey bias falls a little with depth while the hatched variance grows. Right: share of wrong signs in the four quarters of predicted standard deviation, rising from about one per cent in the lowest to about thirty in the highest.](confidence.png)
#
# Left, a trade: a deeper network has less bias here and more variance. Right: where networks disagree they are mostly
# also wrong, as S1 hopes ("not entirely unreasonable to try"). But compare the printed columns: the error of the mean is
# about *twice* the predicted deviation. It ranks well and is no error bar.
#
# </details>

# %% [markdown]
# ## 9 · Any other loss
#
# For another loss, expand around the mean to second order; the linear term averages to 0 and
#
# $$\mathbb E[\mathcal L] = \mathcal L(m^\infty) + \tfrac12\sum_{i_1, i_2, \beta_1, \beta_2}\frac{\partial^2\mathcal L}{\partial z_{i_1\beta_1}\partial z_{i_2\beta_2}}\Big|_{z = m^\infty}\mathrm{Cov}\bigl[z_{i_1\beta_1}, z_{i_2\beta_2}\bigr] + \cdots \qquad (10.55)$$
#
# Two simplifications. The covariance is $\delta_{i_1 i_2}$ times one matrix: different outputs are independent. And
# our losses are sums over test points, so the Hessian is 0 for $\beta_1 \ne \beta_2$. What remains, with $v_\beta$ the
# variance at point $\beta$, is the **trace** of each point's small $c \times c$ Hessian:
#
# $$\mathbb E[\mathcal L] \approx \mathcal L(m^\infty) + \tfrac12\sum_\beta v_\beta\sum_i \frac{\partial^2\mathcal L_\beta}{\partial z_{i}^2}\Big|_{m^\infty}.$$
#
# The losses, both summed over points: `"mse"`, $\frac12\sum(z - y)^2$; and `"cross_entropy"`, (10.36), $-\sum_{i,\beta} y_{i\beta}
# \log q_{i\beta}$ with $q = \mathrm{softmax}(z)$ over the outputs of a point and $y$ a distribution over classes.
#
# **By hand.** One point, two classes, $m = (\log 3, 0)$, so $q = (\frac34, \frac14)$; true class the second, $y = (0, 1)$;
# variance $0.8$. $\mathcal L(m) = -\log\frac14 = \log 4$. The derivative by $z_1$ is $q_1 - y_1$; by $z_1$ again, $q_1(1 -
# q_1) = \frac{3}{16}$, and the same for $z_2$. So $\mathbb E[\mathcal L] \approx \log 4 + \frac12\cdot 0.8\cdot\frac38 =
# \log 4 + 0.15$. (Sum *all four* entries of the Hessian and you get 0, since the softmax does not notice a shift of all
# outputs. The $\delta_{i_1i_2}$ matters.)

# %% [markdown]
# ## Exercise 6 · `expected_loss`
#
# Difficulty ●●● · 30 minutes · 4 points
#
# **Equation**: (10.55) to second order, as above.
#
# | | shape | |
# |---|---|---|
# | `loss` | `"mse"` or `"cross_entropy"` | which loss |
# | `mean` | `(m, c)` | mean prediction |
# | `variance` | `(m,)` | variance of one output at each test point: the diagonal of `cov` |
# | `y` | `(m, c)` | true outputs; for the cross-entropy a distribution in each row, one-hot or soft |
# | returns | a number | summed over the test points |
#
# The Hessian may come from `torch.autograd.functional.hessian`, or from paper. Large outputs such as 800 are
# legal: $e^{800}$ is not a number a computer has, so take `torch.log_softmax` or subtract the largest output first.


# %% role="answer" exercise="expected_loss"
def expected_loss(loss, mean, variance, y):
    """Mean test loss of the ensemble to second order; loss "mse" or "cross_entropy", mean and y (m, c), variance (m,)."""
    ### BEGIN SOLUTION
    mean, y = torch.as_tensor(mean), torch.as_tensor(y)

    def of_point(z, target):
        if loss == "mse":
            return ((z - target) ** 2).sum() / 2
        return -(target * torch.log_softmax(z, dim=0)).sum()

    total = 0.0
    for m, target, v in zip(mean, y, variance, strict=True):
        hessian = torch.autograd.functional.hessian(lambda z, target=target: of_point(z, target), m)
        total += of_point(m, target) + v * torch.trace(hessian) / 2
    return float(total)
    ### END SOLUTION


# %% role="visible" exercise="expected_loss"
t = lab.tests("expected_loss")
mean, y = np.array([[np.log(3.0), 0.0]]), np.array([[0.0, 1.0]])
slope = np.exp(1) / (1 + np.exp(1))  # softmax of (0, 1), were the Hessian taken at y
t.close(
    "cross-entropy of one point, by hand",
    lambda: expected_loss("cross_entropy", mean, np.array([0.8]), y),
    np.log(4.0) + 0.15,
    rtol=1e-5,
    mistakes={
        "the ½ in front of the Hessian is missing": np.log(4.0) + 0.30,
        "the second-order term is 0: it is missing, or you summed the Hessian over all pairs of outputs; take its trace": (
            np.log(4.0)
        ),
        "only the second-order term: add the loss of the mean": 0.15,
        "the Hessian is taken at y: (10.55) takes it at the mean": np.log(4.0) + 0.8 * slope * (1 - slope),
        "the sign of the loss is wrong: −Σ y log q": -np.log(4.0) + 0.15,
        "the standard deviation enters: (10.55) has the variance": np.log(4.0) + np.sqrt(0.8) * 3 / 16,
        "the variance is squared: it is a variance already": np.log(4.0) + 0.64 * 3 / 16,
        "q² where q(1 − q) belongs": np.log(4.0) + 0.4 * 10 / 16,
        "one entry of the Hessian only: sum over the outputs": np.log(4.0) + 0.4 * 3 / 16,
    },
)
y = np.array([[0.0, 0.0, 0.0], [2.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 3.0, 0.0]])
mean = y + np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0]])
variance = np.array([0.5, 0.3, 0.2, 0.2])
t.close(
    "squared error of four points, three outputs: 4 + 1.8, as in exercise 5",
    lambda: expected_loss("mse", mean, variance, y),
    5.8,
    rtol=1e-5,
    mistakes={
        "the second-order term is missing": 4.0,
        "the ½ in front of the Hessian is missing": 7.6,
        "the ½ of the loss is missing": 11.6,
        "the gradient stands where the Hessian belongs": 5.0,
        "a mean over the test points: the loss is a sum": 5.8 / 4,
        "a mean over points and outputs: the loss is a sum": 5.8 / 12,
        "the variance counts one output only: the trace runs over all outputs": 4.6,
        "the variances of all points are added up for each point: every point has its own": 11.2,
    },
)
t.close(
    "outputs of 800: the softmax is certain, its Hessian 0",
    lambda: expected_loss(
        "cross_entropy", np.array([[800.0, 0.0, -5.0]]), np.array([2.0]), np.array([[0.0, 1.0, 0.0]])
    ),
    800.0,
    rtol=1e-5,
    mistakes={"nan: exp(800) overflows; use log_softmax, or subtract the largest output first": np.nan},
)
mean, y = t.rng.standard_normal((4, 3)), np.eye(3)[[0, 2, 1, 1]]
variance = np.array([0.02, 0.05, 0.1, 0.15])
noise = t.rng.standard_normal((50_000, 4, 3)) * np.sqrt(variance)[:, None]


def sampled(z):
    z = z - z.max(axis=2, keepdims=True)
    return (np.log(np.exp(z).sum(axis=2)) - (y * z).sum(axis=2)).sum(axis=1)


pairs = (sampled(mean + noise) + sampled(mean - noise)) / 2  # in pairs, the linear term cancels
t.holds(
    "small variances: within 1 % of the mean cross-entropy of 100,000 sampled networks",
    lambda: abs(expected_loss("cross_entropy", mean, variance, y) / pairs.mean() - 1) < 0.01,
    "it is not the mean cross-entropy of sampled networks: is the softmax taken over the outputs of each point (not over "
    "the points), and does each point have its own variance?",
)
t.report()

# %% role="hidden" exercise="expected_loss" points=4
# Hidden tests: fresh outputs, one-hot and soft targets, one and many classes; no variance; large outputs; one point.
### BEGIN HIDDEN TESTS
t = lab.tests("expected_loss", hidden=True)
reference = lab.reference("regression.expected_loss")


def softmax(z, axis):
    q = np.exp(z - z.max(axis=axis, keepdims=True))
    return q / q.sum(axis=axis, keepdims=True)


for m, c, soft in [(5, 3, False), (3, 6, True), (1, 4, True), (6, 2, False)]:
    mean, variance = 1.5 * t.rng.standard_normal((m, c)), t.rng.uniform(0.1, 1.5, m)
    y = softmax(t.rng.standard_normal((m, c)), 1) if soft else np.eye(c)[t.rng.integers(c, size=m)]
    right = reference("cross_entropy", mean, variance, y)
    at_mean = reference("cross_entropy", mean, 0 * variance, y)
    second, q, at_y = right - at_mean, softmax(mean, 1), softmax(y, 1)
    mistakes = {
        "the ½ in front of the Hessian is missing": at_mean + 2 * second,
        "the second-order term is 0: take the trace of each Hessian": at_mean,
        "only the second-order term: add the loss of the mean": second,
        "the Hessian is taken at y": at_mean + variance @ (at_y * (1 - at_y)).sum(axis=1) / 2,
        "the sign of the loss is wrong": second - at_mean,
        "the standard deviation enters: (10.55) has the variance": at_mean
        + variance**0.5 @ (q * (1 - q)).sum(axis=1) / 2,
        "the variance is squared": at_mean + variance**2 @ (q * (1 - q)).sum(axis=1) / 2,
        "q² where q(1 − q) belongs": at_mean + variance @ (q**2).sum(axis=1) / 2,
        "one entry of the Hessian only": at_mean + variance @ (q * (1 - q))[:, 0] / 2,
        "all points have the mean variance": at_mean + variance.mean() * (q * (1 - q)).sum() / 2,
        "the variances of all points are added up": at_mean + variance.sum() * (q * (1 - q)).sum() / 2,
    }
    if m > 1:
        wrong = softmax(mean, 0)
        loss = -(y * np.log(wrong)).sum()
        mistakes["a mean over the test points: the loss is a sum"] = right / m
        mistakes["the softmax runs over the points: it runs over the outputs of each point"] = (
            loss + variance @ (wrong * (1 - wrong)).sum(axis=1) / 2
        )
    t.close(
        f"cross-entropy, {m} points, {c} classes, {'soft' if soft else 'one-hot'} targets",
        lambda: expected_loss("cross_entropy", mean, variance, y),
        right,
        rtol=1e-4,  # finite differences of second order reach 1e-6 of the loss
        mistakes=mistakes,
    )
    y = t.rng.standard_normal((m, c))
    loss = ((mean - y) ** 2).sum() / 2
    t.close(
        f"squared error, {m} points, {c} outputs",
        lambda: expected_loss("mse", mean, variance, y),
        loss + c * variance.sum() / 2,
        rtol=1e-4,
        mistakes={
            "the second-order term is missing": loss,
            "the ½ in front of the Hessian is missing": loss + c * variance.sum(),
            "the ½ of the loss is missing": 2 * loss + c * variance.sum(),
            "the gradient stands where the Hessian belongs": loss + variance @ (mean - y).sum(axis=1) / 2,
            "a mean over the test points": (loss + c * variance.sum() / 2) / m,
            "a mean over points and outputs": (loss + c * variance.sum() / 2) / m / c,
            "the variance counts one output only": loss + variance.sum() / 2,
            "the variances of all points are added up": loss + m * c * variance.sum() / 2,
        },
    )
t.close(
    "no variance: the loss of the mean",
    lambda: expected_loss("mse", mean, 0 * variance, y),
    loss,
    rtol=1e-4,
)
far = float(t.rng.uniform(700, 900))
t.close(
    "large outputs",
    lambda: expected_loss(
        "cross_entropy", np.array([[0.0, far], [far, 1.0]]), np.array([1.0, 0.5]), np.array([[1.0, 0], [1, 0]])
    ),
    far,
    rtol=1e-4,
    mistakes={"nan: exp overflows; use log_softmax, or subtract the largest output first": np.nan},
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="expected_loss"
# <details><summary>Hint 1 · concept</summary>
#
# One test point at a time: the loss of its mean, plus half its variance times the sum of the pure second derivatives
# by each output. Then add the points up. You need no sum over pairs of points or of outputs.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# A point's mean and target are `(c,)` and its Hessian `(c, c)`; you need its trace. For the squared error the Hessian is the
# identity. For the cross-entropy, differentiate $-\sum_i y_i(z_i - \log\sum_j e^{z_j})$ twice by hand, using $\sum_i y_i =
# 1$; or let autograd do it.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Write a function of a point's outputs and target that returns its loss as a tensor of no dimension, `log_softmax` over
# `dim=0` for the cross-entropy. Loop over the points; `torch.autograd.functional.hessian` takes a function of the outputs
# alone and the point's mean. Add the loss and half the variance times `torch.trace`. Return a `float`.
#
# </details>

# %% [markdown]
# ### See it: how far the second order reaches
#
# One image, three classes, mean outputs $(1, 0, -\frac12)$, true class the first: the mean cross-entropy of sampled
# networks against your formula, at growing variance.

# %% role="figure" name="second-order"
middle, truth = np.array([[1.0, 0.0, -0.5]]), np.array([[1.0, 0.0, 0.0]])
spreads = np.array([0.05, 0.2, 0.5, 1.0, 2.0, 4.0])
noise = np.random.default_rng(0).standard_normal((100_000, 3))
exact = []
for v in spreads:
    z = middle + np.sqrt(v) * np.concatenate([noise, -noise])
    exact.append(np.mean(np.log(np.exp(z).sum(axis=1)) - z[:, 0]))
grid = np.linspace(0, 4, 40)
fig, ax = plt.subplots()
ax.plot(
    grid,
    [expected_loss("cross_entropy", middle, np.array([v]), truth) for v in grid],
    "k-",
    label="second order (10.55)",
)
ax.plot(spreads, exact, "ko", mfc="white", label="mean over 200,000 sampled networks")
ax.axhline(
    expected_loss("cross_entropy", middle, np.zeros(1), truth), color="k", ls=":", label="loss of the mean prediction"
)
ax.set(xlabel="variance of each output", ylabel="mean cross-entropy", ylim=(0, None))
ax.legend()
plt.show()
for v, value in zip(spreads, exact, strict=True):
    second = expected_loss("cross_entropy", middle, np.array([v]), truth)
    print(f"variance {v:4.2f}: sampled {value:.4f}, second order {second:.4f} ({second / value - 1:+.1%})")

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Mean cross-entropy against the variance of the outputs from 0 to 4. The straight line of the second-order formula starts at the loss of the mean, 0.47, and rises; open circles from sampling lie on it up to a variance of about one half and then fall below it more and more.](second-order.png)
#
# Up to a variance of about 0.5 the line is good to one per cent or so. At variances of order one the
# cross-entropy feels more than its curvature at the middle. And no part of it is below the dotted line: for a convex
# loss, a network is on average worse than the average network.
#
# </details>

# %% [markdown]
# ## 10 · Check yourself
#
# No points. Choose, and read what comes back.

# %% role="quiz" name="centred"
lab.quiz(
    "A friend trains every network *centred*: on f − f at the start, which is 0 everywhere at the beginning. Same data, same "
    "width, and the width is huge. What does their ensemble look like after training?",
    {
        "All networks agree, everywhere": (
            "Right. Their random start is subtracted, so K is replaced by 0 in (10.41) and no spread is left: each one "
            "predicts the mean (10.40). This is what lab 4 used."
        ),
        "The same band: centring only shifts the start": (
            "Look at (10.41): every term carries K, the covariance of the start. What is it when every start is 0?"
        ),
        "The Bayesian band": "That needs Θ = K. Centring leaves Θ as it is and sets K to 0.",
        "They agree at the training points only": (
            "They do agree there, like any trained network. But what could make two of them differ elsewhere?"
        ),
    },
    right="All networks agree, everywhere",
)

# %% role="quiz" name="one-angle"
lab.quiz(
    "A colleague trains 100 networks, looks at one test point and finds a variance of 0.81 of the NTK's prediction, while Bayes "
    "predicts 0.80 of it. They write: 'trained networks follow the Bayesian posterior'. Your reply?",
    {
        "Convincing: 0.81 is nearly 0.80": (
            "A variance from 100 samples scatters by √(2/100) = 14 %. How many of these lie between 0.81 and 1?"
        ),
        "1.4 standard errors from the NTK's 1: it says hardly anything. Ask several points together, or more networks": (
            "Right: 0.19/0.14 = 1.4. Six points and 100 networks, or one point and 1,000, can tell."
        ),
        "Impossible: the theorem says NTK": "The theorem speaks of the true variance. A sample variance of 0.81 is quite possible.",
        "The networks were too narrow": "Perhaps, but nothing in the numbers says so: sampling alone explains them.",
    },
    right="1.4 standard errors from the NTK's 1: it says hardly anything. Ask several points together, or more networks",
)

# %% role="quiz" name="targets"
lab.quiz(
    "The targets of all training points are multiplied by 10 and nothing else changes. What happens to bias and variance of the "
    "test loss (true outputs multiplied by 10 as well)?",
    {
        "Both grow 100-fold": "The bias does. Does y stand anywhere in (10.41)?",
        "The bias grows 100-fold, the variance stays": (
            "Right. The mean is linear in y, so its deviation grows 10-fold. The covariance knows no targets: only inputs, K and Θ."
        ),
        "Both stay": "The mean is Θ_BA Θ⁻¹ y: linear in the targets.",
        "The variance grows 100-fold, the bias stays": "The other way round: which of (10.40) and (10.41) contains y?",
    },
    right="The bias grows 100-fold, the variance stays",
)

# %% [markdown]
# ## 11 · Two questions marked by hand
#
# ### Question A · the narrowest band
#
# 3 points, about 15 minutes. In a few lines each:
#
# 1. Let $A = \Theta_{\mathcal{BA}}\Theta_{\mathcal{AA}}^{-1}$ and $A_K = K_{\mathcal{BA}}K_{\mathcal{AA}}^{-1}$. Show that (10.41) equals the
#    Bayesian covariance plus $(A - A_K)\,K_{\mathcal{AA}}\,(A - A_K)^\top$. Why does it follow that the Bayesian band is
#    nowhere wider?
# 2. So the Bayesian networks differ least. Does that make their test loss the smallest? Answer with (10.52).
# 3. "The band of (10.41) contains the true function with probability 95 %." What is wrong with this sentence? Name one
#    thing you saw in this lab that speaks against it.

# %% [markdown] role="written" exercise="narrowest-band" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. With $K_{\mathcal{BA}} = A_K K_{\mathcal{AA}}$ the four terms are $K_{\mathcal{BB}} - A K_{\mathcal{AA}} A_K^\top - A_K K_{\mathcal{AA}} A^\top + A
#    K_{\mathcal{AA}} A^\top$. Complete the square: $(A - A_K) K_{\mathcal{AA}} (A - A_K)^\top = A K A^\top - A K A_K^\top - A_K K A^\top + A_K K A_K^\top$,
#    and $K_{\mathcal{BB}} - A_K K_{\mathcal{AA}} A_K^\top$ is the Bayesian covariance. The added matrix is positive
#    semidefinite because $K_{\mathcal{AA}}$ is; its diagonal is not negative. Equality holds only where $A = A_K$, for
#    example when only the last layer is trained.
# 2. No. It has the smaller variance, but the mean predictions differ ($A y$ against $A_K y$), so the biases differ, and which is
#    smaller depends on the true function. Only their sum counts.
# 3. The band describes how trained networks scatter among each other, given the data; it contains no truth and no
#    prior belief about it, and it does not change when the labels do. On the digits the error of the mean was about
#    twice the predicted deviation. (A perfect mean with a wide band would be possible as well.)
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the square completed (or an equal argument, such as: the conditional mean is the best linear predictor of
#   the start at the test points) and positive semidefiniteness named. Half a point for one of the two.
# - Part 2, 1 point: no, because the bias may be larger, with (10.52). Half a point for "no" with a vague reason.
# - Part 3, 1 point: the band is about differences between networks, not about the truth; and an observation from the lab
#   (digits: error twice the deviation; the band does not depend on targets). Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 10 minutes. Look at *your* `ensemble_covariance`:
#
# 1. It is called with $n = 5{,}000$ training and $m = 20{,}000$ test points, in double precision. Name the largest array your
#    code creates and its size in bytes. The caller only wants the $m$ variances: how would you change your code so that it needs no
#    array of that size?
# 2. A ridge $\delta$ is added to $\Theta_{\mathcal{AA}}$ (lab 1). Which line of your code changes, and which kernels must *not* get the ridge? Are the training points then still met exactly?

# %% [markdown] role="written" exercise="your-covariance" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. In the solution above `cross`, the products and the result are all $(20000, 20000)$: $3.2\cdot 10^9$ bytes each. The
#    variances need the diagonals only: $\mathrm{diag}(A K_{\mathcal{AB}})$ is the row sum of `A * K_test` and
#    $\mathrm{diag}(A K A^\top)$ the row sum of `(A @ K_train) * A`; the largest arrays are then `(m, n)`, 0.8 GB, less in blocks of
#    test points.
# 2. Only the line that makes $A$: solve with $\Theta_{\mathcal{AA}} + \delta I$. No $K$ gets a ridge: $K$ is the spread at the start, which
#    training does not change. With $\delta > 0$ the rows of $A$ at the training points are no longer unit vectors, so networks
#    miss the targets a little and differ there as well.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the array named is one the student's own code makes, its bytes are right (8 m² = 3.2 GB for an m × m one),
#   and a way to the diagonal alone is given (row sums of products, a loop over points, blocks). Half a point if one is missing.
# - Part 2, 1 point: the line of the student's own code that forms A, no ridge on any K, and "no, not exactly". Half a point for
#   two of the three.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - A trained wide network is a **linear function of its random start**. Therefore the ensemble is Gaussian, with a mean and a
#   covariance in closed form; 100 trained networks fill the predicted band.
# - **Two kernels** divide the work: $\Theta$ says where training goes, $K$ where it began. The band closes at the data and knows
#   no targets.
# - Train the last layer only and $\Theta = K$: gradient descent **is** Bayesian inference, with the narrowest band. Train
#   everything and the networks follow the NTK's law instead, which several angles together can tell from 100 networks.
# - The mean test loss is **bias plus variance**; averaging $k$ networks divides the variance by $k$. For other losses the
#   Hessian's trace takes over, good while the variance is well below one.
#
# **Where the theory stops.** All of this is for infinite width and training to the end. At finite width mean and covariance
# shift, and a larger ensemble only resolves that shift better. The networks of one ensemble share data: nothing here says
# how predictions change with *another training set*. And the most interesting number, the bias, contains the truth $y$ at the
# test points, which nobody has before the test.
#
# **Next, lab 6**: is there a number, computed from the training set alone, that warns you of a large test error? Give a network
# random labels: it fits them as well. Can a bound tell true labels from random ones?
#
# *In ntklab these functions are `kernels.nngp_and_ntk`, `regression.posterior` (mean and covariance together),
# `regression.bayesian_posterior`, `regression.bias_variance` and `regression.expected_loss`. They are withheld in this lab,
# since you write them yourself, and open from lab 6 on.*
