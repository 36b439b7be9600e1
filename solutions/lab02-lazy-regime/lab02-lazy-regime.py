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
#     title: The lazy regime, and where gradient descent goes
#     question: Where does gradient descent go when a model is nearly linear?
#     minutes: 170
# ---

# %% [markdown]
# # Lab 2 · The lazy regime, and where gradient descent goes
#
# **The question.** Lab 1 *solved* linear models: one line of algebra, one answer. Nobody solves for a neural network.
# One takes step after step down a loss, on all the data or on a random handful, with this step size or that one, and
# stops when the loss looks small. So where does such a walk end? And does the answer depend on the way?
#
# By the end of this lab you will have seen that a wide network, while it learns, stays so close to its own tangent
# plane that it *is* a linear model: not in the inputs, but in the weights. For a linear model the walk can be followed
# to the last digit, and it ends where lab 1 would have sent it: gradient descent, stochastic gradient descent, Newton's
# method and other losses all arrive at **one** point, which you will write down in closed form. You will also find the
# one condition under which all of this fails, and correct a footnote of the book with it.
#
# **After this lab you can**
#
# 1. linearise any network in its weights, and measure how far training takes it from its linearisation;
# 2. say what makes a network lazy: the width, or the scale of the output;
# 3. follow gradient descent on a linear model mode by mode, and find the largest stable step before taking one;
# 4. write down the limit of gradient descent, in weights and in outputs (the "giant leap");
# 5. tell which choices of a training algorithm change the trained model, and which cannot.
#
# **You need** lab 1 (features, Gram matrices, primal and dual). NumPy, eigenvectors of symmetric matrices, the chain
# rule. A little PyTorch helps; everything you need of it is shown.
#
# **Time**: 170 minutes. Seven exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S2**: H. Hadiji, *Neural Tangent Kernel*, class 5 slides | section 2: the slides "Generalization in the Lazy Regime", "Reminder: overparameterized least-squares and the kernel trick", "GD and least-squares regression" (no equation numbers) | the linear model, and the theorem of this lab |
# | **S1**: Roberts, Yaida & Hanin, *The Principles of Deep Learning Theory* | §10.1.1, (10.3)–(10.7); §10.2.1–10.2.3, (10.14)–(10.38), footnotes 8 and 15 | the same for infinitely wide networks: one small step, one giant leap |

# %% [markdown]
# ## How to work here
#
# Run the cells from the top. You write code where it says `YOUR CODE HERE`; the cell right below tests it at once
# and, when something is wrong, tries to name the *misconception* and not just the number. (That cell is folded; click
# its three dots to read the tests.) Hidden tests do the same on fresh inputs when the notebook is graded. Stuck? Each
# exercise has three folded hints, each nearer to code than the one before; `lab.hint("linearize")` prints the next one.

# %% role="setup"
import warnings

import numpy as np
import torch

from ntklab import datasets, lab, networks

lab.start("lab02-lazy-regime")

with warnings.catch_warnings():  # the first use of jvp warns about PyTorch's own code
    warnings.simplefilter("ignore", DeprecationWarning)
    torch.func.jvp(torch.sin, (torch.zeros(1),), (torch.ones(1),))


def two_layer(a, B, activation="relu"):
    """The network h(x) = sum_i a_i σ(<b_i, x>) / sqrt(m) with these weights, as a function f(w, X) of w = (B, a)."""
    a, B = np.asarray(a, dtype=float), np.asarray(B, dtype=float)
    m, d = B.shape
    settings = {"d": d, "width": m, "activation": activation, "C_W": float(d), "readout": (1.0, 0.0)}
    return networks.NetFunction(networks.NTKNet.from_config(settings, np.concatenate([B.ravel(), a])))


# %% role="demo" name="drawing"
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (6.4, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10})

# %% [markdown]
# ## 1 · A network is not linear. But look closely
#
# Write a network as a function $f(w, X)$ of *all* its weights, flattened into one vector $w \in \mathbb R^p$, and of
# a table of inputs $X$. In $w$ it is anything but linear. Near the weights $w_0$ it starts from, though, any smooth
# function looks like its tangent (S2, "Generalization in the Lazy Regime"):
#
# $$\bar f(w, x) = f(w_0, x) + \bigl\langle \nabla_w f(w_0, x),\ w - w_0\bigr\rangle.$$
#
# This $\bar f$ is a model of lab 1: linear in what is learned ($w - w_0$), with the **feature map**
# $\phi(x) = \nabla_w f(w_0, x)$. It is as nonlinear in $x$ as the network itself. Two things are new: there are as many
# features as the network has weights, and the model does not start from zero but from $f(w_0, x)$, whatever the
# random network happens to say before it has learned anything.
#
# Conventions, once for the whole lab:
#
# | | here | elsewhere |
# |---|---|---|
# | features | $\Phi$ is `(n, p)`, row $i$ is $\phi(x_i)$, as in lab 1; $H = \Phi\Phi^\top$, `(n, n)` | S2's $\Phi$ is the transpose, its $H = \Phi^\top\Phi$ the same matrix |
# | start | $w_0$, with outputs $h_0 = f(w_0, X)$ | S1 writes $z(t = 0)$ for the outputs |
# | linear model | $h(w) = h_0 + \Phi\,(w - w_0)$ | |
# | loss | $\mathcal L(w) = \frac{1}{2n}\lVert h(w) - Y\rVert^2$, with the $\frac12$ and the $\frac1n$ | S1's (10.5) has no $\frac1n$: its step $\eta$ is our $\eta/n$ |
# | residual | $r = h(w) - Y$ (output minus target) | |
# | Jacobian | $J(w) = \partial f(w, X)/\partial w$, so that $\Phi = J(w_0)$ | |

# %% [markdown]
# ## 2 · Worked example: two points, width three
#
# The network $h(x) = \frac{1}{\sqrt 3}\sum_{i=1}^3 a_i\,\sigma(b_i x)$ with ReLU, $\sigma(z) = \max(z, 0)$, for
# numbers $x$. It starts at $w_0$ and has moved to $w$:
#
# | | $b_1$ | $b_2$ | $b_3$ | $a_1$ | $a_2$ | $a_3$ |
# |---|---|---|---|---|---|---|
# | $w_0$ | 1 | 3 | −1 | 2 | −1 | 1 |
# | $w$ | 2 | 5 | −½ | 3 | 0 | 1 |
# | $\delta = w - w_0$ | 1 | 2 | ½ | 1 | 1 | 0 |
#
# Two points, $x = 1$ (units 1 and 2 awake) and $x' = -2$ (unit 3 awake). The derivatives at $w_0$ are
# $\partial h/\partial b_i = \frac{1}{\sqrt 3} a_i x\,\sigma'(b_i x)$ and $\partial h/\partial a_i =
# \frac{1}{\sqrt 3}\sigma(b_i x)$, so with all numbers in units of $\frac{1}{\sqrt 3}$:
#
# | | $x = 1$ | $x' = -2$ |
# |---|---|---|
# | $h(w_0)$ | $2\cdot 1 - 1\cdot 3 = \mathbf{-1}$ | $1 \cdot 2 = \mathbf 2$ |
# | gradient by $(b_1, b_2, b_3 \mid a_1, a_2, a_3)$ | $(2, -1, 0 \mid 1, 3, 0)$ | $(0, 0, -2 \mid 0, 0, 2)$ |
# | gradient · $\delta$ | $2 - 2 + 1 + 3 = \mathbf 4$ | $\mathbf{-1}$ |
# | **linearised**, $\bar h(w)$ | $-1 + 4 = \mathbf 3$ | $2 - 1 = \mathbf 1$ |
# | **the network itself**, $h(w)$ | $3\cdot 2 + 0\cdot 5 = \mathbf 6$ | $1\cdot 1 = \mathbf 1$ |
#
# What did the tangent miss at $x = 1$? Multiply out $(a_i + \delta a_i)(b_i + \delta b_i)\,x$: the tangent keeps the
# terms with *one* change and drops $\frac{1}{\sqrt 3}\sum_i \delta a_i\,\delta b_i\,x = \frac{1}{\sqrt 3}(1 + 2) =
# \frac{3}{\sqrt 3}$. That is exactly the gap, $6 - 3$. (At $x' = -2$ there is none, because $\delta a_3 = 0$.) As long
# as no unit falls asleep or wakes up, a ReLU network errs from its linearisation by a **product of two changes**, and by
# nothing else.
#
# Keep this formula; it already knows why wide networks are lazy. To change the output by something of order one, a
# network of width $m$ may spread the work over $m$ units, $\lVert\delta\rVert$ stays of order one, and the gap
# $\frac{1}{\sqrt m}\sum_i\delta a_i\delta b_i x$, at most $\frac{|x|}{2\sqrt m}\lVert\delta\rVert^2$, fades like
# $1/\sqrt m$.

# %% role="demo" name="worked-example"
f = two_layer(a=[2.0, -1.0, 1.0], B=[[1.0], [3.0], [-1.0]])
print("weights at the start, (b | a):", f.w0)
w = torch.tensor([2.0, 5.0, -0.5, 3.0, 0.0, 1.0], dtype=torch.float64)
points = np.array([[1.0], [-2.0]])
print("√3 · h(w0) =", np.sqrt(3) * f(f.w0, points).numpy().ravel())
print("√3 · h(w)  =", np.sqrt(3) * f(w, points).numpy().ravel())

# %% [markdown]
# ## Exercise 1 · `linearize`
#
# Difficulty ●●○ · 20 minutes · 3 points
#
# Write the tangent of *any* network, at any weights. **Equation**: $\bar f(w, X) = f(w_0, X) + J(w_0)\,(w - w_0)$, S2,
# slide "Generalization in the Lazy Regime".
#
# | | shape | |
# |---|---|---|
# | `f` | `NetFunction` | `f(w, X)` gives the outputs, a tensor `(n, c)`; it may have several outputs and hidden layers |
# | `w0`, `w` | `(p,)`, PyTorch tensors | where the tangent touches, and where it is evaluated; `w0` need not be `f.w0` |
# | `X` | `(n, d)`, NumPy array | inputs |
# | returns | `(n, c)`, tensor or array | $\bar f(w, X)$ |
#
# A network has too many weights to nudge them one by one. PyTorch multiplies a Jacobian by a vector *without
# forming it*, at about the price of two evaluations of the function. For $g(v) = (v_1 v_2,\ v_1^2)$ at $(3, 5)$ in the
# direction $(1, 0)$:
#
# ```python
# def g(v):
#     return torch.stack([v[0] * v[1], v[0] ** 2])
#
# value, slope = torch.func.jvp(g, (torch.tensor([3.0, 5.0]),), (torch.tensor([1.0, 0.0]),))
# # value is g = (15, 9), slope is the Jacobian times the direction = (5, 6)
# ```
#
# The point and the direction stand in tuples, one entry per argument of `g`.


# %% role="answer" exercise="linearize"
def linearize(f, w0, w, X):
    """First-order Taylor model (n, c) of the network function f(w, X) around the weights w0, evaluated at w."""
    ### BEGIN SOLUTION
    start, change = torch.func.jvp(lambda v: f(v, X), (w0,), (w - w0,))
    return start + change
    ### END SOLUTION


# %% role="visible" exercise="linearize"
t = lab.tests("linearize")
f = two_layer(a=[2.0, -1.0, 1.0], B=[[1.0], [3.0], [-1.0]])
w = torch.tensor([2.0, 5.0, -0.5, 3.0, 0.0, 1.0], dtype=torch.float64)
points = np.array([[1.0], [-2.0]])
third = 1 / np.sqrt(3)
t.close(
    "the worked example",
    lambda: linearize(f, f.w0, w, points),
    np.array([[3.0], [1.0]]) * third,
    rtol=1e-5,  # a Jacobian by finite differences errs by 1e-9, float32 by 1e-7
    atol=1e-6,
    mistakes={
        "this is f(w, X) itself: the linear model is the tangent at w0, followed as far as w": (
            np.array([[6.0], [1.0]]) * third
        ),
        "the constant f(w0, X) is missing: this is only the change": np.array([[4.0], [-1.0]]) * third,
        "this is f(w0, X): the change along w − w0 is missing": np.array([[-1.0], [2.0]]) * third,
        "the Jacobian is multiplied by w: multiply it by w − w0, the step away from where the tangent touches": (
            np.array([[1.0], [5.0]]) * third
        ),
        "the sign of the step is wrong: it goes from w0 to w": np.array([[-5.0], [3.0]]) * third,
        "the Jacobian is taken at w: the tangent touches at w0": np.array([[9.0], [1.0]]) * third,
        "the tangent at w, followed back to w0: exchange the two": np.array([[-4.0], [2.0]]) * third,
        "f(w, X) plus the change: the constant is f at w0": np.array([[10.0], [0.0]]) * third,
        "the change is divided by two: first order has no ½": np.array([[1.0], [1.5]]) * third,
    },
)
f = networks.NetFunction(networks.NTKNet(d=3, width=4, hidden_layers=2, n_out=2, activation="tanh", C_b=0.3))
X = t.rng.standard_normal((5, 3))
w0 = f.w0 + torch.from_numpy(0.5 * t.rng.standard_normal(len(f.w0)))
step = torch.from_numpy(t.rng.standard_normal(len(f.w0)))
tiny = 1e-5
slope = (f(w0 + tiny * step, X) - f(w0 - tiny * step, X)) / (2 * tiny)
other = w0 + step - f.w0  # the step of one who starts from f.w0
elsewhere = (f(f.w0 + tiny * other, X) - f(f.w0 - tiny * other, X)) / (2 * tiny)
t.close(
    "two outputs, two hidden layers, w0 away from f.w0: against a small step of the network",
    lambda: linearize(f, w0, w0 + step, X),
    f(w0, X) + slope,
    rtol=1e-5,
    atol=1e-6,  # a step of 1e-5 leaves an error of 1e-10
    mistakes={
        "this is f(w, X) itself: the linear model follows the tangent": f(w0 + step, X),
        "the constant f(w0, X) is missing: this is only the change": slope,
        "the tangent touches at f.w0 in your answer: use the argument w0": f(f.w0, X) + elsewhere,
    },
)
t.close("at w = w0 it is the network itself", lambda: linearize(f, w0, w0, X), f(w0, X), rtol=1e-5, atol=1e-6)


def moved(share):
    answer = linearize(f, w0, w0 + share * step, X)
    return np.asarray(answer.detach() if hasattr(answer, "detach") else answer) - f(w0, X).numpy()


t.holds(
    "twice the step, twice the change: it is linear in w",
    lambda: np.allclose(moved(2), 2 * moved(1), rtol=1e-3, atol=1e-4),
    "your answer is not a straight line in w: only the first order belongs to it",
)
t.report()

# %% role="hidden" exercise="linearize" points=3
# Hidden tests: fresh networks (one and two hidden layers, one to three outputs), tangents away from f.w0, one input.
### BEGIN HIDDEN TESTS
t = lab.tests("linearize", hidden=True)
for what, n, d, width, hidden_layers, n_out, activation, bias in [
    ("a smooth network", 4, 3, 6, 1, 1, "tanh", 0.0),
    ("three outputs, two hidden layers, biases", 3, 2, 5, 2, 3, "erf", 0.4),
    ("ReLU, one input", 1, 2, 7, 1, 1, "relu", 0.0),
    ("more inputs than weights", 12, 1, 2, 1, 2, "sin", 0.2),
]:
    seed = int(t.rng.integers(10**6))
    net = networks.NTKNet(d, width, hidden_layers, n_out, activation, C_W=1.5, C_b=bias, seed=seed)
    f = networks.NetFunction(net)
    X = t.rng.standard_normal((n, d))
    w0 = f.w0 + torch.from_numpy(0.5 * t.rng.standard_normal(len(f.w0)))
    w = w0 + torch.from_numpy(0.8 * t.rng.standard_normal(len(f.w0)))

    def jacobian(at, f=f, X=X):
        return torch.autograd.functional.jacobian(lambda v: f(v, X), at)

    J0, J1 = jacobian(w0), jacobian(w)
    here, there = f(w0, X), f(w, X)
    t.close(
        what,
        lambda: linearize(f, w0, w, X),
        here + J0 @ (w - w0),
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "this is f(w, X) itself: the linear model follows the tangent at w0": there,
            "the constant f(w0, X) is missing: this is only the change": J0 @ (w - w0),
            "this is f(w0, X): the change along w − w0 is missing": here,
            "the Jacobian is multiplied by w: multiply it by w − w0": here + J0 @ w,
            "the sign of the step is wrong: it goes from w0 to w": here - J0 @ (w - w0),
            "the Jacobian is taken at w: the tangent touches at w0": here + J1 @ (w - w0),
            "the tangent at w, followed back to w0: exchange the two": there + J1 @ (w0 - w),
            "f(w, X) plus the change: the constant is f at w0": there + J0 @ (w - w0),
            "the change is divided by two: first order has no ½": here + J0 @ (w - w0) / 2,
            "the tangent touches at f.w0: use the argument w0": f(f.w0, X) + jacobian(f.w0) @ (w - f.w0),
        },
    )
t.close("w = w0", lambda: linearize(f, w0, w0, X), here, rtol=1e-5, atol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="linearize"
# <details><summary>Hint 1 · concept</summary>
#
# Value at the start, plus slope times step. The slope of a function of many weights in *one* direction needs no full
# Jacobian: think of walking from $w_0$ towards $w$ and asking how fast the outputs change at the first instant. That
# is a Jacobian-vector product.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# `torch.func.jvp(g, (v,), (direction,))` returns two tensors shaped like `g(v)`: the value at `v` and the Jacobian at
# `v` times the direction. Here `g` must be a function of the weights alone, with the inputs held fixed; $v$ is where
# the tangent touches, the direction is the whole step, `(p,)`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Make a one-argument function that calls `f` with its argument and `X` (a `lambda` will do). Give it to
# `torch.func.jvp` with `w0` in a one-entry tuple and the difference of `w` and `w0` in another. Add the two tensors
# that come back.
#
# </details>

# %% [markdown]
# ### See it: the same road, three widths
#
# Now on real data: the first eight images of scikit-learn's handwritten digits (0, 1, …, 7), scaled to length
# $\sqrt{64}$, with the target $+1$ for odd and $-1$ for even digits. `train` trains real tanh networks on them by
# gradient descent, with all weights moving, for 200 steps; it returns the network as a function, the weights before
# and the weights after.

# %% role="demo" name="training"
from ntklab import empirical

torch.set_num_threads(1)  # in networks this small, threads spend their time waiting for each other
pixels, parity = datasets.digits(labels="odd_even")
images, labels = 8 * pixels[:8], parity[:8]
new_images, new_labels = 8 * pixels[8:], parity[8:]


def one_network(width, seed, activation="tanh", scale=1.0):
    """A two-layer network for the images; scale multiplies its output (σ of variance one: C_W = 1, for ReLU 2)."""
    C_W = 2.0 if activation == "relu" else 1.0
    return networks.NTKNet(64, width, activation=activation, C_W=C_W, readout=(C_W * scale**2, 0.0), seed=seed)


def train(width, seeds, activation="tanh", scale=1.0, steps=200, centered=True, device=None):
    """Train one network per seed; return a list of (f, weights before, weights after).

    With centered=True the model that learns is scale · (f − f at the start), so that it starts from zero.
    """

    def make(seed):
        return one_network(width, seed, activation, scale)

    eta = len(labels) / np.linalg.eigvalsh(empirical.empirical_ntk(make(seeds[0]), images))[-1]
    ensemble = networks.train_ensemble(make, seeds, images, labels, eta, steps, centered=centered, device=device)
    after = [net.flat_weights() for net in ensemble.nets]
    before = [networks.NetFunction(make(seed).to(after[0].device)) for seed in seeds]
    return [(f, f.w0, w) for f, w in zip(before, after, strict=True)]


[(f, w0, w1)] = train(1024, [0])
print("outputs after training, centred:", np.round((f(w1, images) - f(w0, images)).numpy().ravel(), 3))

# %% role="figure" name="tangent"
fig, axes = plt.subplots(1, 3, figsize=(9, 3.2), sharey=True)
road = np.linspace(-0.5, 2.0, 41)
for ax, width in zip(axes, [16, 64, 1024], strict=True):
    [(f, w0, w1)] = train(width, [3])
    for image, target, marker in [(images[:1], labels[0], "o"), (images[1:2], labels[1], "^")]:
        start = f(w0, image).item()
        network = [f(w0 + s * (w1 - w0), image).item() - start for s in road]
        tangent = [np.asarray(linearize(f, w0, w0 + s * (w1 - w0), image)).item() - start for s in road]
        ax.plot(road, network, "k-", lw=1.6, label="network" if marker == "o" else None)
        ax.plot(road, tangent, "--", color="0.45", lw=1.4, label="its linearisation" if marker == "o" else None)
        ax.plot([1], [target], marker, color="k", mfc="white", ms=7)
    ax.set(title=f"width {width:,}", xlabel="s along the road from w0 (s = 0) to w1 (s = 1)")
    ax.xaxis.label.set_fontsize(8)
axes[0].set(ylabel="change of the output")
axes[0].legend(loc="lower left", fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Three panels, widths 16, 64 and 1024. Each shows two solid curves, the change of a network's output on two images along the road from its initial to its trained weights, and two dashed straight lines, its linearisation. At width 16 the solid curves bend away from the lines, at 64 a little; at 1024 solid and dashed can hardly be told apart, even at twice the distance.](tangent.png)
#
# Circle and triangle are the targets of two images. The network of width 16 bends on its way there; the one of width
# 1,024 walks along its tangent, and would for as long again. It still learned everything.
#
# </details>
#
# ### Predict, then run
#
# All these networks learned the same eight labels. **Before you run the next cell, write down**: from width 64 to
# width 4,096, sixty-four times wider, what happens to the length of the road, $\lVert w_1 - w_0\rVert$? And to the
# road compared with the starting weights, $\lVert w_1 - w_0\rVert/\lVert w_0\rVert$?

# %% role="demo" name="road"
for width in (64, 512, 4096):
    [(f, w0, w1)] = train(width, [0])
    road = float(torch.linalg.norm(w1 - w0))
    print(
        f"width {width:5,}: road {road:.3f}, road/|w0| {road / float(torch.linalg.norm(w0)):.5f}, "
        f"largest change of one weight {float((w1 - w0).abs().max()):.4f}"
    )

# %% [markdown]
# <details><summary>What happened (open after running)</summary>
#
# The road hardly changes: moving the outputs by something of order one takes a step of order one, whatever the width.
# But it is shared by $65\,m$ weights, and $\lVert w_0\rVert \approx \sqrt{65\,m}$ grows, so the *relative* change and
# the change of any single weight fade. No unit has to do anything remarkable; that is why none of them leaves its
# tangent. (You will compute the length of this road exactly in section 6.)
#
# </details>

# %% [markdown]
# ## 3 · How lazy?
#
# A linear model has the same Jacobian everywhere. So measure how far a network is from being one by how much training
# changed its Jacobian on the training inputs, relative to what it was:
#
# $$\text{laziness} = \frac{\lVert J(w_1) - J(w_0)\rVert_F}{\lVert J(w_0)\rVert_F}.$$
#
# Zero means: exactly as lazy as a linear model. (The word is the field's: a *lazy* network fits its data without
# learning new features. The number is large when the network is *not* lazy.)
#
# **By hand**, for the worked example, in units of $\frac{1}{\sqrt 3}$. The gradients at $w_0$ are $(2, -1, 0 \mid 1, 3,
# 0)$ at $x = 1$ and $(0, 0, -2 \mid 0, 0, 2)$ at $x' = -2$: squares sum to $15 + 8 = 23$. At $w$ they are $(3, 0, 0
# \mid 2, 5, 0)$ and $(0, 0, -2 \mid 0, 0, 1)$. The differences are $(1, 1, 0 \mid 1, 2, 0)$ and $(0, 0, 0 \mid
# 0, 0, -1)$: squares sum to $7 + 1$. So the laziness is $\sqrt{8/23} \approx 0.59$: not lazy at all.
#
# (Look at the first difference again: $(\delta a_1, \delta a_2, 0 \mid \delta b_1, \delta b_2, 0)$. The change of a
# gradient is *the road itself*, with the two halves exchanged, over $\sqrt m$. A road of fixed length, over $\sqrt m$:
# there is the $1/\sqrt m$ again.)

# %% [markdown]
# ## Exercise 2 · `laziness`
#
# Difficulty ●●○ · 20 minutes · 3 points
#
# **Equation**: the display above; S2 calls the regime where it is small "lazy".
#
# | | shape | |
# |---|---|---|
# | `f` | `NetFunction` | may have several outputs: all of them count |
# | `w0`, `w1` | `(p,)`, PyTorch tensors | weights before and after; `w0` need not be `f.w0` |
# | `X` | `(n, d)`, NumPy array | inputs |
# | returns | a number | $\geq 0$; the Frobenius norm is the root of the sum of squares of **all** entries |
#
# Here you do need whole Jacobians. `torch.func.jacrev(g)` is a function: at a point `v` it returns the Jacobian of
# `g`, with the shape of `g(v)` followed by the shape of `v`. (For the `g` of exercise 1, `torch.func.jacrev(g)(v)` at
# $(3, 5)$ is $\begin{pmatrix} 5 & 3 \\ 6 & 0\end{pmatrix}$.)


# %% role="answer" exercise="laziness"
def laziness(f, w0, w1, X):
    """Relative change of the Jacobian of f(w, X) in w between the weights w0 and w1, Frobenius norms."""
    ### BEGIN SOLUTION
    jacobian = torch.func.jacrev(lambda w: f(w, X))
    before, after = jacobian(w0), jacobian(w1)
    return float(torch.linalg.vector_norm(after - before) / torch.linalg.vector_norm(before))
    ### END SOLUTION


# %% role="visible" exercise="laziness"
t = lab.tests("laziness")
f = two_layer(a=[2.0, -1.0, 1.0], B=[[1.0], [3.0], [-1.0]])
w = torch.tensor([2.0, 5.0, -0.5, 3.0, 0.0, 1.0], dtype=torch.float64)
points = np.array([[1.0], [-2.0]])
t.close(
    "the worked example",
    lambda: laziness(f, f.w0, w, points),
    np.sqrt(8 / 23),
    rtol=1e-4,  # Jacobians in float32 or by finite differences err by 1e-6
    mistakes={
        "not divided by the norm at the start: how large is the change compared with J(w0)?": np.sqrt(8 / 3),
        "divided by the norm at the end: compare with J(w0)": np.sqrt(8 / 43),
        "this is the square: take the root": 8 / 23,
        "this is the change of the weights, ‖w1 − w0‖/‖w0‖: the Jacobian is asked": np.sqrt(7.25 / 17),
        "a difference of norms: subtract the Jacobians first, then take the norm": np.sqrt(43 / 23) - 1,
        "this is the change of the kernel J Jᵀ: the Jacobian itself is asked": np.sqrt((23**2 + 3**2) / (15**2 + 8**2)),
        "this is the change of the outputs: their derivatives by the weights are asked": np.sqrt(50 / 5),
        "spectral norms: the Frobenius norm is the root of the sum of all squared entries": np.sqrt(7 / 15),
        "a mean of one ratio per input: one norm over all inputs, divided by another": (
            (np.sqrt(7 / 15) + np.sqrt(1 / 8)) / 2
        ),
    },
)
f = networks.NetFunction(networks.NTKNet(d=3, width=5, n_out=2, activation="tanh"))
X = t.rng.standard_normal((4, 3))
t.close("no step, no change", lambda: laziness(f, f.w0, f.w0, X), 0.0, atol=1e-6)
w0 = f.w0 + torch.from_numpy(0.5 * t.rng.standard_normal(len(f.w0)))
w1 = w0 + torch.from_numpy(0.7 * t.rng.standard_normal(len(f.w0)))
nudges = 1e-5 * torch.eye(len(w0), dtype=torch.float64)


def numeric_jacobian(w):
    return np.stack([((f(w + e, X) - f(w - e, X)) / 2e-5).numpy() for e in nudges], axis=-1)


before, after = numeric_jacobian(w0), numeric_jacobian(w1)
t.close(
    "two outputs, w0 away from f.w0: against Jacobians found by nudging every weight",
    lambda: laziness(f, w0, w1, X),
    np.sqrt(np.sum((after - before) ** 2) / np.sum(before**2)),
    rtol=1e-4,
    mistakes={
        "the Jacobian at the start is taken at f.w0: use the argument w0": (
            lambda: np.sqrt(np.sum((after - numeric_jacobian(f.w0)) ** 2) / np.sum(numeric_jacobian(f.w0) ** 2))
        ),
        "only the first output counts in your answer": (
            np.sqrt(np.sum((after - before)[:, 0] ** 2) / np.sum(before[:, 0] ** 2))
        ),
        "the outputs are added up before they are differentiated: every output counts by itself": (
            np.sqrt(np.sum((after - before).sum(1) ** 2) / np.sum(before.sum(1) ** 2))
        ),
        "this is the change of the weights, ‖w1 − w0‖/‖w0‖: the Jacobian is asked": (
            float(torch.linalg.norm(w1 - w0) / torch.linalg.norm(w0))
        ),
    },
)
t.report()

# %% role="hidden" exercise="laziness" points=3
# Hidden tests: fresh networks of several shapes, w0 away from f.w0, one input, a tiny step, no step.
### BEGIN HIDDEN TESTS
t = lab.tests("laziness", hidden=True)
reference = lab.reference("empirical.laziness")
for what, n, d, width, hidden_layers, n_out, activation, bias in [
    ("a smooth network", 4, 3, 6, 1, 1, "tanh", 0.0),
    ("three outputs, two hidden layers, biases", 3, 2, 5, 2, 3, "erf", 0.4),
    ("ReLU", 6, 3, 20, 1, 1, "relu", 0.0),  # never all units asleep at all inputs: J(w0) is not 0
    ("one input", 1, 2, 7, 1, 1, "tanh", 0.0),
]:
    seed = int(t.rng.integers(10**6))
    net = networks.NTKNet(d, width, hidden_layers, n_out, activation, C_W=1.5, C_b=bias, seed=seed)
    f = networks.NetFunction(net)
    X = t.rng.standard_normal((n, d))
    w0 = f.w0 + torch.from_numpy(0.5 * t.rng.standard_normal(len(f.w0)))
    w1 = w0 + torch.from_numpy(0.8 * t.rng.standard_normal(len(f.w0)))
    net0, net1 = (networks.NTKNet.from_config(net.config, w) for w in (w0, w1))
    before, after, at_f_w0 = (
        torch.autograd.functional.jacobian(lambda v, f=f, X=X: f(v, X), w).flatten(0, 1) for w in (w0, w1, f.w0)
    )

    def size(A, order="fro"):
        return float(torch.linalg.matrix_norm(A, order))

    def kernel(A):
        return A @ A.mT

    per_input = torch.linalg.vector_norm((after - before).reshape(n, -1), dim=1)
    per_input = per_input / torch.linalg.vector_norm(before.reshape(n, -1), dim=1)
    t.close(
        what,
        lambda: laziness(f, w0, w1, X),
        reference(net0, net1, X),
        rtol=1e-4,
        mistakes={
            "this is the change of the weights: the Jacobian is asked": (
                float(torch.linalg.norm(w1 - w0) / torch.linalg.norm(w0))
            ),
            "this is the change of the kernel J Jᵀ: the Jacobian itself is asked": (
                size(kernel(after) - kernel(before)) / size(kernel(before))
            ),
            "not divided by the norm at the start": size(after - before),
            "divided by the norm at the end: compare with J(w0)": size(after - before) / size(after),
            "this is the square: take the root": (size(after - before) / size(before)) ** 2,
            "a difference of norms: subtract the Jacobians first": abs(size(after) / size(before) - 1),
            "this is the change of the outputs: their derivatives are asked": (
                float(torch.linalg.norm(f(w1, X) - f(w0, X)) / torch.linalg.norm(f(w0, X)))
            ),
            "the Jacobian at the start is taken at f.w0: use the argument w0": size(after - at_f_w0) / size(at_f_w0),
            "spectral norms: the Frobenius norm is asked": size(after - before, 2) / size(before, 2),
            "a mean of one ratio per input: one norm over all inputs": float(per_input.mean()),
            "only the first output counts in your answer": (size((after - before)[::n_out]) / size(before[::n_out])),
            "the outputs are added up before they are differentiated": (
                size((after - before).reshape(n, n_out, -1).sum(1)) / size(before.reshape(n, n_out, -1).sum(1))
            ),
        },
    )
t.close("no step", lambda: laziness(f, w1, w1, X), 0.0, atol=1e-6)
net = networks.NTKNet(4, 30, activation="tanh", seed=int(t.rng.integers(10**6)))
f = networks.NetFunction(net)
X = t.rng.standard_normal((3, 4))
w1 = f.w0 + torch.from_numpy(0.02 * t.rng.standard_normal(len(f.w0)))
net1 = networks.NTKNet.from_config(net.config, w1)
t.close("a tiny step", lambda: laziness(f, f.w0, w1, X), reference(net, net1, X), rtol=1e-3)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="laziness"
# <details><summary>Hint 1 · concept</summary>
#
# Three steps: the table of all derivatives at the start, the same table at the end, and the size of their difference
# compared with the size of the first. Every input, every output and every weight has its entry, and all count alike.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# With the inputs held fixed, `f` is a function from `(p,)` to `(n, c)`, so its Jacobian is `(n, c, p)`.
# $\lVert A\rVert_F = \sqrt{\sum A_{ijk}^2}$ over all entries, whatever the number of axes:
# `torch.linalg.vector_norm(A)` does that. Beware of functions that want a matrix: some of them default to another
# norm.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Give `torch.func.jacrev` a function of the weights alone. Call what comes back twice, once with each vector of
# weights. Norm of the difference over the norm of the first one; `float(...)` turns a tensor with one entry into a
# number.
#
# </details>

# %% [markdown]
# ### See it: turn up the output
#
# Width is not the only way to be lazy. Multiply the output by a large $\alpha$ and let $\alpha\,(f - f_0)$ learn: then
# a tiny step is enough to fit the labels, the road is $1/\alpha$ as long, and *any* network is lazy. The subtraction
# of $f_0 = f(w_0, \cdot)$ matters: without it, $\alpha$ multiplies the random outputs at the start as well, and there
# is ever more to unlearn. **Predict** the two slopes before you look.

# %% role="figure" name="scale"
scales, seeds = np.array([1, 4, 16, 64]), range(4)
fig, ax = plt.subplots(figsize=(5.6, 3.6))
for centered, style, name in [(True, "ko-", "centred, α (f − f0)"), (False, "ks:", "not centred, α f")]:
    runs = [train(256, list(seeds), scale=alpha, centered=centered) for alpha in scales]
    rms = np.sqrt([np.mean([laziness(*weights, images) ** 2 for weights in run]) for run in runs])
    slope = np.polyfit(np.log(scales), np.log(rms), 1)[0]
    ax.loglog(scales, rms, style, ms=5, mfc="white", label=f"{name}: slope {slope:.2f}")
    print(name, np.round(rms, 4))
ax.loglog(scales, 0.26 / scales, "--", color="0.5", lw=1, label="slope −1")
ax.set(xlabel="scale α of the output", ylabel="laziness after 200 steps", title="tanh, width 256, rms over 4 seeds")
ax.set_xticks(scales, [str(s) for s in scales])
ax.minorticks_off()
ax.legend(fontsize=9)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Log-log plot of laziness against output scale 1 to 64. Circles for the centred network fall from 0.2 to 0.003 along the dashed line of slope minus one. Squares for the network that is not centred fall at first and then level off near 0.065.](scale.png)
#
# Centred, the slope is $-1$. Not centred, the residual grows with $\alpha$ as fast as the road shrinks, and laziness
# levels off. Remember this when a paper says "large output scale": ask what happened to $f_0$.
#
# </details>
#
# ### As wide as your machine allows
#
# The width, then, without any scaling: tanh and ReLU networks, trained as above, with your `laziness`. On a GPU the
# cell goes to width 32,768. For tanh the worked example promises $-\frac12$. A ReLU unit can also *switch*: then its
# part of the Jacobian jumps from something to nothing, however small the step. In a wide network a share of about
# $m^{-1/2}$ of all units switches; each adds its full square to $\lVert J_1 - J_0\rVert_F^2$. So which slope for ReLU?

# %% role="gpu" name="widths"
device = networks.default_device()
if device.type == "mps":  # it has no float64
    device = torch.device("cpu")
widths = 2 ** np.arange(6, networks.pick_size(cpu=12, cuda=16))
seeds = range(networks.pick_size(cpu=4, cuda=16))
try:
    laziness(*train(64, [0], device=device)[0], images)
except (TypeError, RuntimeError) as problem:
    print(f"laziness does not work with tensors on {device} ({type(problem).__name__}): staying on the CPU")
    device, widths, seeds = torch.device("cpu"), 2 ** np.arange(6, 12), range(4)
lazy = {}
for activation in ("tanh", "relu"):
    for width in widths:
        run = train(int(width), list(seeds), activation, device=device)
        lazy[activation, width] = np.sqrt(np.mean([laziness(*weights, images) ** 2 for weights in run]))
fig, ax = plt.subplots(figsize=(5.6, 3.6))
for activation, style, slope in [("tanh", "ko", -1 / 2), ("relu", "k^", -1 / 4)]:
    rms = np.array([lazy[activation, width] for width in widths])
    fitted = np.polyfit(np.log(widths), np.log(rms), 1)[0]
    ax.loglog(widths, rms, style, mfc="white", label=f"{activation}: slope {fitted:.2f}")
    ax.loglog(widths, rms[-1] * (widths / widths[-1]) ** slope, "--", color="0.5", lw=1)
ax.set(xlabel="width m", ylabel="laziness after 200 steps", title=f"rms over {len(seeds)} seeds; lines: −1/2, −1/4")
ax.set_xticks(widths, [str(w) for w in widths], fontsize=8)
ax.set_yticks([0.1, 0.2, 0.4], ["0.1", "0.2", "0.4"])
ax.minorticks_off()
ax.legend()
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Log-log plot of laziness against width 64 to 2048. Circles for tanh follow a dashed line of slope minus one half from about 0.37 to 0.07; triangles for ReLU follow a flatter one of slope minus one quarter from about 0.3 to 0.1.](widths.png)
#
# tanh: $-\frac12$. ReLU: $-\frac14$, since the norm is the root of the share of units that switched. Both go to zero:
# an infinitely wide network *is* its linearisation. ReLU only takes much longer to get there.
#
# </details>

# %% [markdown]
# ## 4 · The walk, on a linear model
#
# From here on the network is its linearisation: outputs $h(w) = h_0 + \Phi\,(w - w_0)$, any features $\Phi$. On
#
# $$\mathcal L(w) = \frac{1}{2n}\,\lVert h(w) - Y\rVert^2, \qquad \nabla\mathcal L(w) = \frac1n\,\Phi^\top\bigl(h(w) - Y\bigr),$$
#
# gradient descent repeats $w \leftarrow w - \eta\,\nabla\mathcal L(w)$.
#
# **By hand**: $n = 2$ points with $p = 3$ features,
#
# $$\Phi = \begin{pmatrix} 1 & 0 & 1 \\ 0 & 2 & 0\end{pmatrix}, \quad w_0 = \begin{pmatrix} 1 \\ 1 \\ 0\end{pmatrix}, \quad
# h_0 = \begin{pmatrix} 1 \\ -1\end{pmatrix}, \quad Y = \begin{pmatrix} 3 \\ 1\end{pmatrix}, \quad \eta = \tfrac12.$$
#
# The residual starts at $r = h_0 - Y = (-2, -2)$, with the loss $\frac14(4 + 4) = 2$.
#
# | step | $-\frac{\eta}{n}\Phi^\top r$ | $w$ | residual $r$ | loss |
# |---|---|---|---|---|
# | 0 | | $(1, 1, 0)$ | $(-2, -2)$ | $2$ |
# | 1 | $\frac14\,(2, 4, 2)$ | $(1.5, 2, 0.5)$ | $(-1, 0)$ | $\frac14$ |
# | 2 | $\frac14\,(1, 0, 1)$ | $(1.75, 2, 0.75)$ | $(-\frac12, 0)$ | $\frac1{16}$ |
#
# One point is learned at once; the other halves its residual at every step. That is not luck: see the next section.

# %% [markdown]
# ## Exercise 3 · `gradient_descent`
#
# Difficulty ●●○ · 20 minutes · 3 points
#
# **Equation**: S2, slides "Reminder: overparameterized least-squares and the kernel trick" (the loss) and "GD and
# least-squares regression".
#
# | | shape | |
# |---|---|---|
# | `Phi` | `(n, p)` | features, one row per training point; $p$ may be smaller or larger than $n$ |
# | `Y`, `h0` | `(n,)` | targets; outputs at the start |
# | `w0` | `(p,)` | weights at the start: do not change this array |
# | `eta` | number | step size, for the loss with $\frac{1}{2n}$ |
# | `steps` | whole number | may be 0 |
# | returns | `(w, losses)` | weights after the last step, `(p,)`; losses, `(steps + 1,)`, the one *before* the first step first |


# %% role="answer" exercise="gradient_descent"
def gradient_descent(Phi, Y, w0, h0, eta, steps):
    """Full-batch gradient descent on 1/(2n)·‖h0 + Φ(w − w0) − Y‖²: the last weights (p,), and losses (steps + 1,)."""
    ### BEGIN SOLUTION
    n = len(Y)
    w, losses = w0, []
    for step in range(steps + 1):
        residual = h0 + Phi @ (w - w0) - Y
        losses.append(residual @ residual / (2 * n))
        if step < steps:
            w = w - eta / n * (Phi.T @ residual)
    return w, np.array(losses)
    ### END SOLUTION


# %% role="visible" exercise="gradient_descent"
t = lab.tests("gradient_descent")
Phi = np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0]])
w0, h0, Y = np.array([1.0, 1.0, 0.0]), np.array([1.0, -1.0]), np.array([3.0, 1.0])


def returns_a_pair():
    answer = gradient_descent(Phi, Y, w0, h0, 0.5, 2)
    return isinstance(answer, (tuple, list)) and len(answer) == 2


t.holds(
    "two things: weights and losses",
    returns_a_pair,
    "return two things, the weights after the last step and all losses: does your function end in `return w, losses`?",
)
t.close(
    "the weights after two steps, by hand",
    lambda: gradient_descent(Phi, Y, w0, h0, 0.5, 2)[0],
    np.array([1.75, 2.0, 0.75]),
    rtol=1e-6,
    mistakes={
        "the gradient is twice too large: the ½ of the loss cancels the 2 of the square, and the mean over n points puts "
        "1/n in front": np.array([2.0, 1.0, 1.0]),
        "the sign is wrong: step *against* the gradient": np.array([-0.25, -2.0, -1.25]),
        "h0 is missing: the outputs are h0 + Φ(w − w0)": np.array([2.125, 1.5, 1.125]),
        "the outputs are h0 + Φ(w − w0), not h0 + Φw": np.array([1.375, 1.0, 0.375]),
        "outputs Φw: the model starts from h0, and only w − w0 is multiplied by Φ": np.array([1.75, 0.5, 0.75]),
        "the residual does not change in your loop: did w0 move along with w? Let w be a new array (w = w − …), or "
        "start from a copy": np.array([2.0, 3.0, 1.0]),
        "one step too few": np.array([1.5, 2.0, 0.5]),
        "one step too many": np.array([1.875, 2.0, 0.875]),
        "w0 is not added: return the weights, not how far they moved": np.array([0.75, 1.0, 0.75]),
    },
)
t.close(
    "the losses, by hand",
    lambda: gradient_descent(Phi, Y, w0, h0, 0.5, 2)[1],
    np.array([2.0, 1 / 4, 1 / 16]),
    rtol=1e-6,
    mistakes={
        "the loss before the first step is missing: there are steps + 1 of them": np.array([1 / 4, 1 / 16]),
        "the loss after the last step is missing: there are steps + 1 of them": np.array([2.0, 1 / 4]),
        "the loss is twice too large: it is 1/(2n) times the sum of squares, with the ½ and with the 1/n": (
            np.array([4.0, 1 / 2, 1 / 8])
        ),
        "1/(2n) is missing in the loss": np.array([8.0, 1.0, 1 / 4]),
        "these are roots: the loss is the square": np.sqrt(np.array([2.0, 1 / 4, 1 / 16])),
    },
)
t.close(
    "no step at all: w0 and one loss",
    lambda: gradient_descent(Phi, Y, w0, h0, 0.5, 0),
    (w0, np.array([2.0])),
    rtol=1e-6,
)
Phi = t.rng.standard_normal((6, 3))
Y, h0, w0 = (t.rng.standard_normal(k) for k in (6, 6, 3))
loss = np.sum((h0 - Y) ** 2) / 12
nudges = 1e-5 * np.eye(3)
slope = [np.sum((h0 + Phi @ e - Y) ** 2) - np.sum((h0 - Phi @ e - Y) ** 2) for e in nudges]
t.close(
    "more points than features: one step goes against the slope of the loss, found by nudging",
    lambda: gradient_descent(Phi, Y, w0, h0, 0.1, 1)[0],
    w0 - 0.1 * np.array(slope) / 12 / 2e-5,
    rtol=1e-5,
    mistakes={"1/n is missing in the gradient": w0 - 0.1 * np.array(slope) / 2 / 2e-5},
)
t.close("its first loss", lambda: gradient_descent(Phi, Y, w0, h0, 0.1, 1)[1][0], loss, rtol=1e-6)
t.report()

# %% role="hidden" exercise="gradient_descent" points=3
# Hidden tests: fresh models with more and with fewer features than points, one point, no step, an unstable step.
### BEGIN HIDDEN TESTS
t = lab.tests("gradient_descent", hidden=True)


def walk(Phi, Y, w0, h0, eta, steps, factor=1.0, outputs="h0 + Phi (w - w0)"):
    """Weights and losses; factor multiplies the gradient, outputs says what the model (wrongly) returns."""
    n, w, losses = len(Y), w0.copy(), []
    for left in range(steps, -1, -1):
        h = {
            "h0 + Phi (w - w0)": h0 + Phi @ (w - w0),
            "Phi (w - w0)": Phi @ (w - w0),
            "h0 + Phi w": h0 + Phi @ w,
            "Phi w": Phi @ w,
            "h0": h0,
        }[outputs]
        losses.append(0.5 * np.mean((h - Y) ** 2))
        if left:
            w -= eta * factor * (Phi.T @ (h - Y)) / n
    return w, np.array(losses)


for what, n, p, steps, share in [
    ("more features than points", 4, 9, 12, 0.6),
    ("more points than features", 10, 3, 15, 0.9),
    ("one point", 1, 4, 3, 0.4),
    ("an unstable step", 3, 5, 6, 1.1),
    ("a single step", 6, 6, 1, 0.5),
]:
    Phi = t.rng.standard_normal((n, p))
    Y, h0 = t.rng.standard_normal((2, n)) * 2
    w0 = t.rng.standard_normal(p)
    eta = float(share * 2 * n / np.linalg.norm(Phi, 2) ** 2)
    problem = (Phi, Y, w0, h0, eta)
    w, losses = walk(*problem, steps)
    t.close(
        f"{what}: weights",
        lambda: gradient_descent(*problem, steps)[0],
        w,
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "2/n in front of the gradient": walk(*problem, steps, 2)[0],
            "1/n is missing in the gradient": walk(*problem, steps, n)[0],
            "the sign is wrong: step against the gradient": walk(*problem, steps, -1)[0],
            "h0 is missing: the outputs are h0 + Φ(w − w0)": walk(*problem, steps, 1, "Phi (w - w0)")[0],
            "the outputs are h0 + Φ(w − w0), not h0 + Φw": walk(*problem, steps, 1, "h0 + Phi w")[0],
            "outputs Φw: the model starts from h0": walk(*problem, steps, 1, "Phi w")[0],
            "the residual does not change in your loop: w0 moves along with w": walk(*problem, steps, 1, "h0")[0],
            "one step too few": walk(*problem, steps - 1)[0],
            "one step too many": walk(*problem, steps + 1)[0],
            "w0 is not added": w - w0,
        },
    )
    t.close(
        f"{what}: losses",
        lambda: gradient_descent(*problem, steps)[1],
        losses,
        rtol=1e-5,
        atol=1e-7,
        mistakes={
            "the loss before the first step is missing": losses[1:],
            "the loss after the last step is missing": losses[:-1],
            "½ is missing in the loss": 2 * losses,
            "1/n is missing in the loss": n * losses,
            "1/(2n) is missing in the loss": 2 * n * losses,
            "these are roots: the loss is the square": np.sqrt(losses),
        },
    )
t.close("no step", lambda: gradient_descent(*problem, 0), walk(*problem, 0), rtol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="gradient_descent"
# <details><summary>Hint 1 · concept</summary>
#
# A loop over steps. In each: where are the outputs, how far from the targets, what is the loss; then move the weights a
# little against the gradient. There are steps + 1 losses and only so many moves, so one loss has no move after it.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Residual $r = h_0 + \Phi(w - w_0) - Y$, `(n,)`. Loss $\lVert r\rVert^2/2n$. Gradient $\Phi^\top r/n$, `(p,)`.
# $w_0$ stays what it was through the whole loop; if `w` is the *same array* and you write `w -= …`, both move.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Begin with `w = w0.copy()` and an empty list. Repeat `steps` times: compute the residual, append the loss, subtract
# `eta` times the gradient from `w`. After the loop compute the residual once more and append its loss. Return `w` and
# the list as an array.
#
# </details>

# %% [markdown]
# ## 5 · Mode by mode
#
# Multiply the step by $\Phi$ and subtract $Y$: the weights drop out, and the *residual* obeys a rule of its own,
#
# $$r_{t+1} = \Bigl(I - \frac{\eta}{n}\,H\Bigr)\,r_t, \qquad H = \Phi\Phi^\top\ \ (n \times n).$$
#
# This is the board proof behind S2's theorem, and S1's (10.3) for the squared error: how much training on point
# $\alpha$ moves the output at point $\delta$ is the kernel $H_{\delta\alpha}$. Write $H = Q\Lambda Q^\top$ with orthonormal
# eigenvectors $q_1, \dots, q_n$ (the columns of $Q$). Along each of them nothing mixes:
#
# $$q_i^\top r_t = \Bigl(1 - \frac{\eta\lambda_i}{n}\Bigr)^{t}\, q_i^\top r_0.$$
#
# A pattern of residuals along $q_i$ keeps its shape and is multiplied by the same number at every step. Those numbers
# decide everything: near 0, learned at once; near 1, learned slowly; exactly 1 ($\lambda_i = 0$), **never**. In the
# example by hand $H = \mathrm{diag}(2, 4)$, and $1 - \frac12\cdot\frac22 = \frac12$, $1 - \frac12\cdot\frac42 = 0$: the
# halving and the single step.
#
# **By hand**, with eigenvectors that are not the axes: $H = \begin{pmatrix} 3 & 1 \\ 1 & 3\end{pmatrix}$ has $\lambda =
# 4$ along $(1, 1)$ and $\lambda = 2$ along $(1, -1)$. With $n = 2$, $\eta = \frac14$ the factors are $\frac12$ and
# $\frac34$. The residual $r_0 = (3, 1) = 2\cdot(1, 1) + 1\cdot(1, -1)$ becomes, after two steps, $2\cdot\frac14\,(1, 1) +
# \frac9{16}\,(1, -1) = (1.0625, -0.0625)$.

# %% [markdown]
# ## Exercise 4 · `residual_after`
#
# Difficulty ●●○ · 20 minutes · 3 points
#
# Jump to step $t$ without taking the steps before it. **Equation**: the display above, put together again:
# $r_t = Q\,(I - \frac{\eta}{n}\Lambda)^t\,Q^\top r_0$.
#
# | | shape | |
# |---|---|---|
# | `H` | `(n, n)` | symmetric, eigenvalues $\geq 0$; some may be 0, some equal |
# | `r0` | `(n,)` | residual at the start |
# | `eta`, `n` | numbers | step size; what the loss is divided by (usually, not always, `len(H)`) |
# | `steps` | whole number | from 0 to a hundred million: **no loop over steps** |
# | returns | `(n,)` | the residual after that many steps; it grows if the step is too large |


# %% role="answer" exercise="residual_after"
def residual_after(H, r0, eta, n, steps):
    """Residual (n,) after a number of steps of gradient descent on 1/(2n)·squared error, by eigenmodes of H."""
    ### BEGIN SOLUTION
    eigenvalues, Q = np.linalg.eigh(H)
    factors = (1 - eta * eigenvalues / n) ** steps
    return Q @ (factors * (Q.T @ r0))
    ### END SOLUTION


# %% role="visible" exercise="residual_after"
t = lab.tests("residual_after")
H, r0 = np.array([[3.0, 1.0], [1.0, 3.0]]), np.array([3.0, 1.0])
together, apart = np.array([2.0, 2.0]), np.array([1.0, -1.0])  # the parts of r0 along the two eigenvectors
t.holds(
    "put together again",
    lambda: (
        not np.allclose(
            np.sort(np.abs(np.asarray(residual_after(H, r0, 0.25, 2, 2), dtype=float))),
            np.sqrt([1 / 2, 81 / 128]),
            rtol=1e-4,
        )
    ),
    "these are coefficients along the eigenvectors: multiply by Q at the end, to get residuals of points",
)
t.close(
    "two steps, by hand",
    lambda: residual_after(H, r0, 0.25, 2, 2),
    np.array([1.0625, -0.0625]),
    rtol=1e-5,
    atol=1e-6,
    mistakes={
        "the exponential e^(−ηλt/n) is the limit of small steps: a step of this size multiplies by 1 − ηλ/n": (
            np.exp(-1.0) * together + np.exp(-0.5) * apart
        ),
        "the factor lies twice too far from 1: it is 1 − ηλ/n (is 1/n missing, or a 2 too many?)": 0.25 * apart,
        "the factor is squared once too often (or one step too many)": 0.125 * together + 27 / 64 * apart,
        "one step only: raise the factor to the power `steps`": 0.5 * together + 0.75 * apart,
        "`steps` multiplies the factor: it is an exponent": 1.0 * together + 1.5 * apart,
        "1 + ηλ/n: the step goes against the gradient": 2.25 * together + 1.5625 * apart,
        "each entry of I − ηH/n is raised to the power: a matrix power is asked": (
            np.array([[25.0, 1.0], [1.0, 25.0]]) / 64 @ r0
        ),
        "this is how much was learned, r0 minus the residual": np.array([3 - 1.0625, 1 + 0.0625]),
    },
)
t.close("before the first step nothing has changed", lambda: residual_after(H, r0, 0.25, 2, 0), r0, rtol=1e-6)
Phi = t.rng.standard_normal((5, 3))
Y, h0, w0 = (t.rng.standard_normal(k) for k in (5, 5, 3))
H, r0 = Phi @ Phi.T, h0 - Y
one = r0 - 0.2 / 7 * (H @ r0)
two = one - 0.2 / 7 * (H @ one)
t.close(
    "two steps taken one by one, n = 7 given apart from the five rows, H of rank three",
    lambda: residual_after(H, r0, 0.2, 7, 2),
    two,
    rtol=1e-5,
    atol=1e-6,
    mistakes={
        "len(H) in place of the argument n": (lambda: r0 - 0.4 / 5 * (H @ r0) + (0.2 / 5) ** 2 * (H @ H @ r0)),
        "rows and columns of Q are exchanged: eigh returns the eigenvectors as columns, so Qᵀ r0 comes first": (
            lambda: np.linalg.eigh(H)[1].T @ ((1 - 0.2 / 7 * np.linalg.eigh(H)[0]) ** 2 * (np.linalg.eigh(H)[1] @ r0))
        ),
    },
)
t.report()

# %% role="hidden" exercise="residual_after" points=3
# Hidden tests: fresh H, full and low rank, equal eigenvalues, stable and unstable steps, a hundred million steps.
### BEGIN HIDDEN TESTS
t = lab.tests("residual_after", hidden=True)
reference = lab.reference("dynamics.residual_after")
for what, size, rank, divisor, share, steps in [
    ("full rank", 4, 9, 4, 0.45, 7),
    ("low rank", 6, 3, 6, 0.8, 20),
    ("another n", 3, 5, 11, 0.3, 5),
    ("an unstable step", 4, 8, 4, 1.15, 9),
    ("one point", 1, 2, 1, 0.35, 3),
]:
    A = t.rng.standard_normal((size, rank))
    H, r0 = A @ A.T, t.rng.standard_normal(size)
    values, Q = np.linalg.eigh(H)
    eta = float(share * 2 * divisor / values[-1])
    x = eta * values / divisor

    def spectral(factor, Q=Q, r0=r0):
        return Q @ (factor * (Q.T @ r0))

    right = reference(H, r0, eta, divisor, steps)
    t.close(
        what,
        lambda: residual_after(H, r0, eta, divisor, steps),
        right,
        rtol=1e-5,
        atol=1e-6 * max(1.0, float(np.abs(right).max())),
        mistakes={
            "the exponential e^(−ηλt/n) is the limit of small steps": spectral(np.exp(-x * steps)),
            "1/n is missing: the factor is 1 − ηλ/n": spectral((1 - eta * values) ** steps),
            "len(H) in place of the argument n": spectral((1 - eta * values / size) ** steps),
            "one step too many": spectral((1 - x) ** (steps + 1)),
            "one step too few": spectral((1 - x) ** (steps - 1)),
            "one step only: raise the factor to the power `steps`": spectral(1 - x),
            "`steps` multiplies the factor: it is an exponent": spectral((1 - x) * steps),
            "1 + ηλ/n: the step goes against the gradient": spectral((1 + x) ** steps),
            "each entry of I − ηH/n is raised to the power: a matrix power is asked": (
                (np.eye(size) - eta * H / divisor) ** steps @ r0
            ),
            "2/n in the factor": spectral((1 - 2 * x) ** steps),
            "these are coefficients along eigenvectors: multiply by Q at the end": (1 - x) ** steps * (Q.T @ r0),
            "rows and columns of Q are exchanged: eigh returns the eigenvectors as columns": (
                Q.T @ ((1 - x) ** steps * (Q @ r0))
            ),
            "this is how much was learned, r0 minus the residual": r0 - right,
            "nan: a factor 1 − ηλ/n may be 0 or negative; raise it to a power, its logarithm does not exist": (
                np.full(size, np.nan)
            ),
        },
    )
t.close("no step", lambda: residual_after(H, r0, eta, divisor, 0), r0, rtol=1e-6)
values = t.rng.permutation([0.0, 0.0, 1.0, 1.0, 2.0, 3.0])  # a diagonal H, whose modes are known without rounding
r0 = t.rng.standard_normal(6)
t.close(
    "a hundred million steps: only what H cannot see is left",
    lambda: residual_after(np.diag(values), r0, 0.5, 1.0, 100_000_000),
    np.where(values == 0, r0, 0.0),
    rtol=1e-5,
    atol=1e-6,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="residual_after"
# <details><summary>Hint 1 · concept</summary>
#
# Take the residual apart into patterns that do not mix, let each shrink at its own rate, put them together again.
# Taking apart and putting together are multiplications by $Q^\top$ and $Q$; in between there is one number per pattern.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# `np.linalg.eigh(H)` returns eigenvalues `(n,)` and $Q$, `(n, n)`, with the eigenvectors as **columns**. The
# coefficients of $r_0$ are $Q^\top r_0$, `(n,)`. Coefficient $i$ is multiplied by $(1 - \eta\lambda_i/n)^t$, an
# ordinary power of a number.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# One call of `eigh` gives two names. Compute the array of factors from the eigenvalues with `** steps`. Multiply, entry
# by entry, with the coefficients; multiply `Q` (not transposed) with the product. Use the argument `n`, not the size
# of `H`.
#
# </details>

# %% [markdown]
# ### See it: the modes of a real network
#
# Now the linear model is a real one: a tanh network of width 64, linearised at its start, on the eight digits. Row $i$
# of `Phi` is the gradient of its output on image $i$, $65\cdot 64 = 4160$ numbers. Gradient descent runs in those
# 4,160 weights; your formula works with an $8 \times 8$ matrix. (The step is $n/\lambda_{\max}$, which removes the first
# mode at once: its factor is $1 - 1 = 0$.)


# %% role="demo" name="features"
def tangent_features(f, X):
    """Gradients of the output of f at f.w0, one row for each input: (n, p)."""
    weights = f.w0.clone().requires_grad_()
    outputs = f(weights, X)[:, 0]
    return np.stack([torch.autograd.grad(out, weights, retain_graph=True)[0].numpy() for out in outputs])


f_net = networks.NetFunction(one_network(64, seed=0))
w_start = f_net.w0.numpy()
Phi_net, h_start = tangent_features(f_net, images), f_net(w_start, images)[:, 0]
H_net = Phi_net @ Phi_net.T
print("features:", Phi_net.shape, " rank:", np.linalg.matrix_rank(Phi_net))
print("eigenvalues of H:", np.round(np.linalg.eigvalsh(H_net)[::-1], 3))
print("outputs at the start:", np.round(h_start, 2))

# %% role="figure" name="modes"
eigenvalues, modes = np.linalg.eigh(H_net)
eta = len(labels) / eigenvalues[-1]
when = np.unique(np.geomspace(1, 400, 12).astype(int))
weights = [gradient_descent(Phi_net, labels, w_start, h_start, eta, int(s))[0] for s in when]
walked = [h_start + Phi_net @ (w - w_start) - labels for w in weights]
jumped = np.array([residual_after(H_net, h_start - labels, eta, len(labels), int(s)) for s in range(401)])
fig, ax = plt.subplots()
for i, style in [(6, "-"), (4, "--"), (2, "-."), (0, ":")]:
    ax.semilogy(np.abs(jumped @ modes[:, i]), "k", ls=style, lw=1.3, label=f"λ = {eigenvalues[i]:.2f}")
    ax.semilogy(when, np.abs(np.array(walked) @ modes[:, i]), "ko", mfc="white", ms=5)
ax.set(
    xlabel="step t",
    ylabel="residual along the mode",
    ylim=(1e-7, 3),
    title="lines: your formula, circles: 4,160 weights",
)
ax.legend(title="eigenvalue of H", loc="upper right", fontsize=9)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Four straight lines on a logarithmic scale, the residual along four eigenvectors of H against the step, for eigenvalues 0.73, 0.49, 0.20 and 0.10; the larger the eigenvalue the steeper the fall. Circles from gradient descent in 4,160 weights lie on the lines.](modes.png)
#
# Straight lines on a logarithmic axis, each with the slope its eigenvalue asks for, and the walk in 4,160 dimensions
# right on them. Wide networks learn patterns *in the order of their eigenvalues*. Lab 9 turns this into a theory of
# what is learned from how much data.
#
# </details>

# %% [markdown]
# ## 6 · How large may a step be, and where does it end?
#
# S2's theorem "Limit of GD" says: if the rank of $\Phi$ is $n$, gradient descent converges to … It forgets to say at
# which step size. You can: a mode dies out exactly when its factor lies strictly between $-1$ and $1$, and all of them
# must. **By hand**: $H = \begin{pmatrix} 2 & 1 & 0 \\ 1 & 2 & 0 \\ 0 & 0 & 1\end{pmatrix}$ has the eigenvalues 3, 1, 1.
# With $n = 3$ the factor of the first is $1 - \eta$, that of the others $1 - \eta/3$. At $\eta = 2$ the first is $-1$:
# its residual changes sign for ever and never shrinks. Below 2, everything does.

# %% [markdown]
# ## Exercise 5 · `max_stable_step`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# The step size below which all modes die out and above which one explodes. **Equation**: derive it from the factor
# $1 - \eta\lambda_i/n$; it is the condition missing in S2's "Limit of GD".
#
# | | shape | |
# |---|---|---|
# | `H` | `(k, k)` | symmetric, eigenvalues $\geq 0$, not all 0 |
# | `n` | number | what the loss is divided by (usually, not always, `len(H)`; for S1's loss (10.5) it is 1) |
# | returns | a number | the largest stable step of gradient descent on $\frac{1}{2n}$ · squared error |


# %% role="answer" exercise="max_stable_step"
def max_stable_step(H, n):
    """Largest stable step of gradient descent on 1/(2n)·squared error, for the Gram matrix H of the features."""
    ### BEGIN SOLUTION
    return float(2 * n / np.linalg.eigvalsh(H)[-1])
    ### END SOLUTION


# %% role="visible" exercise="max_stable_step"
t = lab.tests("max_stable_step")
H = np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 1.0]])  # eigenvalues 3, 1, 1
t.close(
    "the example by hand",
    lambda: max_stable_step(H, 3),
    2.0,
    rtol=1e-5,
    mistakes={
        "half of it: there the fastest mode is gone in one step; at twice that it only just fails to shrink": 1.0,
        "n is missing: the loss is divided by n, so the step may be n times larger": 2 / 3,
        "the smallest eigenvalue is the slowest mode: the largest is the first to explode": 6.0,
        "the trace is the sum of all eigenvalues: the largest one decides": 6 / 5,
        "the Frobenius norm is not the largest eigenvalue": 6 / np.sqrt(11),
        "the largest entry of H is not its largest eigenvalue": 3.0,
        "a root too many: the squared singular values of Φ are the eigenvalues of H, and H is given": 6 / np.sqrt(3),
        "four times n over the largest eigenvalue: the loss has a ½": 4.0,
    },
)
t.close(
    "the sum loss of (10.5): n = 1",
    lambda: max_stable_step(H, 1),
    2 / 3,
    rtol=1e-5,
    mistakes={"len(H) in place of the argument n": 2.0},
)
A = t.rng.standard_normal((6, 4))
H, r = A @ A.T, A @ t.rng.standard_normal(4)


def grows(share):
    residual, eta = r, share * float(max_stable_step(H, 6))
    for _ in range(3000):
        residual = residual - eta / 6 * (H @ residual)
    return np.linalg.norm(residual) > np.linalg.norm(r)


t.holds(
    "one per cent below it, the residual shrinks (H of rank 4, 6 rows)",
    lambda: not grows(0.99),
    "too large: at 0.99 of your step the residual grows; which eigenvalue is the first to explode?",
)
t.holds(
    "one per cent above it, the residual grows",
    lambda: grows(1.01),
    "too small: at 1.01 of your step the residual still shrinks; at the limit a factor is −1, not 0",
)
t.report()

# %% role="hidden" exercise="max_stable_step" points=2
# Hidden tests: fresh H of full and low rank, n apart from the size of H, one row, equal eigenvalues.
### BEGIN HIDDEN TESTS
t = lab.tests("max_stable_step", hidden=True)
reference = lab.reference("dynamics.max_stable_step")
for what, size, rank, divisor in [
    ("full rank", 5, 9, 5),
    ("low rank", 7, 3, 7),
    ("the sum loss", 4, 6, 1),
    ("another n", 3, 4, 50),
    ("one row", 1, 3, 1),
]:
    A = t.rng.standard_normal((size, rank)) * t.rng.uniform(0.5, 3.0)
    H = A @ A.T
    values = np.linalg.eigvalsh(H)
    step = reference(H, divisor)
    t.close(
        what,
        lambda: max_stable_step(H, divisor),
        step,
        rtol=1e-5,
        mistakes={
            "half of it: at the limit a factor is −1, not 0": step / 2,
            "n is missing: the loss is divided by n": step / divisor,
            "n is missing, and half of it": step / divisor / 2,
            "len(H) in place of the argument n": step * size / divisor,
            "the smallest eigenvalue: the largest is the first to explode": 2 * divisor / values[0]
            if values[0]
            else 0.0,
            "the trace: the largest eigenvalue decides": 2 * divisor / np.trace(H),
            "the Frobenius norm is not the largest eigenvalue": 2 * divisor / np.linalg.norm(H),
            "the largest entry of H is not its largest eigenvalue": 2 * divisor / H.max(),
            "a root too many: H is given, not Φ": 2 * divisor / np.sqrt(values[-1]),
            "a square too many: H is already ΦΦᵀ": 2 * divisor / values[-1] ** 2,
            "four times n over the largest eigenvalue: the loss has a ½": 2 * step,
        },
    )
scale = float(t.rng.uniform(0.1, 10))
t.close("equal eigenvalues", lambda: max_stable_step(scale * np.eye(4), 4), 8 / scale, rtol=1e-5)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="max_stable_step"
# <details><summary>Hint 1 · concept</summary>
#
# Every mode is multiplied by its own factor at each step. Draw the factor against the step size: a straight line that
# starts at 1 and falls. When does it leave the interval from $-1$ to $1$? Whose line is the first to leave?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $|1 - \eta\lambda_i/n| < 1$ for every $i$ with $\lambda_i > 0$. The left end, $-1$, gives an upper bound on $\eta$;
# take the strictest over all $i$. The eigenvalues of a symmetric matrix come from `np.linalg.eigvalsh`, in rising
# order.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Solve $1 - \eta\lambda/n = -1$ for $\eta$ and put in the largest eigenvalue, which is the last one that `eigvalsh`
# returns. The argument `n` belongs into the formula, not the size of `H`.
#
# </details>

# %% [markdown]
# ### Turn the knob
#
# The step in units of the largest stable one, on the digits. On the left the factor $1 - \eta\lambda_i/n$ of each of the eight
# modes, on the right the loss. **Predict**: at which share of the limit does the loss fall fastest in the long run?


# %% role="figure" name="slider"
def draw(share):
    step = share * max_stable_step(H_net, len(labels))
    fig, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.0))
    factors = 1 - step * np.linalg.eigvalsh(H_net) / len(labels)
    left.axhspan(-1, 1, color="0.9")
    left.plot(range(8, 0, -1), factors, "ko", mfc="white")
    left.set(xlabel="mode, largest eigenvalue first", ylabel="factor per step", ylim=(-1.3, 1.1))
    losses = gradient_descent(Phi_net, labels, w_start, h_start, step, 300)[1]
    right.semilogy(losses, "k-", lw=1.2)
    right.set(xlabel="step", ylabel="loss", ylim=(1e-14, 1e4), title=f"η = {share} · limit")
    return fig


lab.slider(
    draw,
    share=[0.25, 0.5, 0.95, 1.02],
    alt="Factors of the eight modes and the loss, for four step sizes from a quarter of the limit to just above it",
)

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Four pairs of panels for steps of 0.25, 0.5, 0.95 and 1.02 of the limit. The factors lie between minus one and one except in the last, where the first mode's factor is below minus one. The loss falls faster from 0.25 to 0.95 and explodes at 1.02.](slider.png)
#
# The slow modes set the pace, and they love large steps; the first mode sets the limit. The best compromise makes the
# two extreme factors opposite, $\eta = 2n/(\lambda_{\max} + \lambda_{\min})$, here a hair's breadth below the limit.
# Two per cent beyond it, one mode of eight explodes, and takes everything with it.
#
# </details>

# %% [markdown]
# ### Where it ends
#
# With a stable step and $\lambda_{\min} > 0$ every mode of the residual dies: the model **interpolates**, $h(w_\infty) =
# Y$. With more weights than points, though, infinitely many $w$ interpolate. Which one does it find? Two facts decide:
#
# 1. every step adds a multiple of $\Phi^\top(\dots)$, so $w_t - w_0 = \Phi^\top c_t$ for some $c_t \in \mathbb R^n$: the
#    walk never leaves the span of the $n$ feature vectors (attached to $w_0$);
# 2. at the end, $\Phi\,(w_\infty - w_0) = Y - h_0$.
#
# Put the first into the second and you have $n$ equations for $n$ unknowns, and S2's theorem:
#
# $$w_\infty = w_0 + \Phi^\top H^{-1}\,(Y - h_0).$$
#
# Being in the span of the features also means: of all interpolating weights these are **the nearest to $w_0$** (any
# other differs by a vector orthogonal to the span, and Pythagoras does the rest).
#
# **By hand**, for the walk of section 4: $Y - h_0 = (2, 2)$ and $H = \mathrm{diag}(2, 4)$, so $H^{-1}(Y - h_0) = (1,
# \frac12)$ and $w_\infty = (1, 1, 0) + (1, 1, 1) = (2, 2, 1)$. After two steps we stood at $(1.75, 2, 0.75)$.

# %% [markdown]
# ## Exercise 6 · `gd_limit`
#
# Difficulty ●●○ · 20 minutes · 3 points
#
# **Equation**: $w_\infty = w_0 + \Phi^\top H^{-1}(Y - h_0)$, S2, slide "GD and least-squares regression"; (10.27).
#
# | | shape | |
# |---|---|---|
# | `Phi` | `(n, p)` | features |
# | `Y`, `h0` | `(n,)` | targets; outputs at the start |
# | `w0` | `(p,)` | weights at the start |
# | returns | `(p,)` | the weights at which gradient descent with a stable step ends |
# | raises | `ValueError` | when the rank of `Phi` is below `n`: more points than features, a point given twice, … (there $H$ has no inverse, whatever rounding says) |


# %% role="answer" exercise="gd_limit"
def gd_limit(Phi, Y, w0, h0):
    """Weights (p,) at which gradient descent on the model h0 + Φ(w − w0) ends; ValueError if Φ has rank below n."""
    ### BEGIN SOLUTION
    n = len(Phi)
    rank = np.linalg.matrix_rank(Phi)
    if rank < n:
        raise ValueError(f"Phi has rank {rank}, below its {n} rows: no interpolating solution in general")
    return w0 + Phi.T @ np.linalg.solve(Phi @ Phi.T, Y - h0)
    ### END SOLUTION


# %% role="visible" exercise="gd_limit"
t = lab.tests("gd_limit")
Phi = np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0]])
w0, h0, Y = np.array([1.0, 1.0, 0.0]), np.array([1.0, -1.0]), np.array([3.0, 1.0])
t.close(
    "the example by hand",
    lambda: gd_limit(Phi, Y, w0, h0),
    np.array([2.0, 2.0, 1.0]),
    rtol=1e-5,
    mistakes={
        "h0 is missing: what has to be learned is Y − h0 (the slides' kernelised formula drops it, too)": (
            np.array([2.5, 1.5, 1.5])
        ),
        "w0 is missing: this is how far the weights move": np.array([1.0, 1.0, 1.0]),
        "w0 and h0 are missing": np.array([1.5, 0.5, 1.5]),
        "the sign is wrong: the weights move so that h0 becomes Y": np.array([0.0, 0.0, -1.0]),
        "H where its inverse belongs": np.array([5.0, 17.0, 4.0]),
        "the inverse of H is missing": np.array([3.0, 5.0, 2.0]),
        "these weights interpolate, but they are the nearest to 0: gradient descent ends at those nearest to w0": (
            np.array([1.5, 2.0, 1.5])
        ),
        "one step with η = n/λ_max: all of them are asked": np.array([1.5, 2.0, 0.5]),
    },
)
Phi = t.rng.standard_normal((3, 7))
Y, h0, w0 = (t.rng.standard_normal(k) for k in (3, 3, 7))
t.close("it interpolates", lambda: h0 + Phi @ (np.asarray(gd_limit(Phi, Y, w0, h0)) - w0), Y, rtol=1e-5, atol=1e-6)
residual, walked = h0 - Y, w0
for _ in range(4000):
    walked = walked - (Phi.T @ residual) / np.trace(Phi @ Phi.T)
    residual = h0 + Phi @ (walked - w0) - Y
t.close("4,000 small steps end there", lambda: gd_limit(Phi, Y, w0, h0), walked, rtol=1e-4, atol=1e-5)
Phi = t.rng.standard_normal((3, 3))
t.close(
    "as many features as points: there is only one solution",
    lambda: Phi @ (np.asarray(gd_limit(Phi, Y, w0[:3], h0)) - w0[:3]),
    Y - h0,
    rtol=1e-4,
    atol=1e-5,
)
t.raises(
    "more points than features",
    ValueError,
    lambda: gd_limit(t.rng.standard_normal((5, 3)), np.arange(5.0), np.zeros(3), np.zeros(5)),
    otherwise="5 points, 3 features: H has rank 3 and no inverse; check the rank of Phi and raise a ValueError",
)
twice = t.rng.standard_normal((3, 7))
twice[2] = twice[0] + twice[1]
t.raises(
    "the third point is the sum of the first two",
    ValueError,
    lambda: gd_limit(twice, Y, w0, h0),
    otherwise="rank 2, three points: rounding hides it from a solver; compare np.linalg.matrix_rank(Phi) with n",
)
t.report()

# %% role="hidden" exercise="gd_limit" points=3
# Hidden tests: fresh models, one point, as many features as points, a real network's features; ranks below n.
### BEGIN HIDDEN TESTS
t = lab.tests("gd_limit", hidden=True)
reference = lab.reference("dynamics.gd_limit")
for what, n, p in [
    ("more features than points", 4, 11),
    ("one point", 1, 5),
    ("n = p", 4, 4),
    ("many features", 6, 400),
]:
    Phi = t.rng.standard_normal((n, p))
    if n == p:
        Phi = np.linalg.qr(Phi)[0] * t.rng.uniform(0.5, 2.0, (n, 1))  # a square matrix far from singular
    Y, h0 = 2 * t.rng.standard_normal((2, n))
    w0 = t.rng.standard_normal(p)
    H = Phi @ Phi.T
    change = Phi.T @ np.linalg.solve(H, Y - h0)
    mistakes = {
        "h0 is missing: what has to be learned is Y − h0": w0 + Phi.T @ np.linalg.solve(H, Y),
        "w0 is missing: this is how far the weights move": change,
        "w0 and h0 are missing": Phi.T @ np.linalg.solve(H, Y),
        "the sign is wrong": w0 - change,
        "H where its inverse belongs": w0 + Phi.T @ (H @ (Y - h0)),
        "the inverse of H is missing": w0 + Phi.T @ (Y - h0),
        "these weights are the nearest to 0: gradient descent ends at those nearest to w0": (
            Phi.T @ np.linalg.solve(H, Y - h0 + Phi @ w0)
        ),
    }
    t.close(what, lambda: gd_limit(Phi, Y, w0, h0), reference(Phi, Y, w0, h0), rtol=1e-4, atol=1e-5, mistakes=mistakes)
Phi = t.rng.standard_normal((4, 9))
for what, rows in [
    ("a point given twice", np.vstack([Phi, Phi[2]])),
    ("a combination of two points", np.vstack([Phi, 0.3 * Phi[0] - 1.7 * Phi[3]])),
    ("more points than features", t.rng.standard_normal((8, 3))),
    ("a point without features", np.vstack([Phi, np.zeros(9)])),
]:
    size = len(rows)
    t.raises(
        what,
        ValueError,
        lambda: gd_limit(rows, t.rng.standard_normal(size), np.zeros(rows.shape[1]), np.zeros(size)),
        otherwise="the rank of Phi is below n: compare np.linalg.matrix_rank(Phi) with n and raise a ValueError",
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="gd_limit"
# <details><summary>Hint 1 · concept</summary>
#
# Everything stands in the two numbered facts above: the change is a combination of the $n$ feature vectors, and it must
# turn $h_0$ into $Y$. First find the coefficients of the combination, then combine.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The coefficients $c = H^{-1}(Y - h_0)$ are `(n,)`, the solution of a linear system with the matrix $H = \Phi\Phi^\top$,
# `(n, n)`; not $\Phi^\top\Phi$, which is $p \times p$ and has no inverse when $p > n$. The change of the weights is
# $\Phi^\top c$, `(p,)`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Compare `np.linalg.matrix_rank(Phi)` with the number of rows; `raise ValueError("...")` if it is smaller. Otherwise
# `np.linalg.solve` with the Gram matrix and the difference of targets and starting outputs, then the transpose of `Phi`
# times that, then `w0` on top.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# The same features, the same labels, three different starting points in weight space: $w_0$ itself; $w_0$ plus a
# combination of the eight feature vectors; and $w_0$ plus a random vector. (Each start has its own $h_0$: what the
# linear model says there.) Gradient descent ends at three interpolating models. **Before you run it**: which of the
# three agree on the *training* images, and which on *new* images?

# %% role="demo" name="starts"
rng = np.random.default_rng(0)
new_Phi, new_h0 = tangent_features(f_net, new_images[:3]), f_net(w_start, new_images[:3])[:, 0]
for name, shift in [
    ("w0", 0 * w_start),
    ("w0 + features", Phi_net.T @ rng.standard_normal(len(labels))),
    ("w0 + random", rng.standard_normal(len(w_start))),
]:
    end = gd_limit(Phi_net, labels, w_start + shift, h_start + Phi_net @ shift)
    says, says_new = h_start + Phi_net @ (end - w_start), new_h0 + new_Phi @ (end - w_start)
    print(f"start {name:13s}: training images {np.round(says, 3)}, new images {np.round(says_new, 3)}")
missing = labels - h_start
print(f"length of the road: {np.linalg.norm(gd_limit(Phi_net, labels, w_start, h_start) - w_start):.6f}")
print(f"√((Y − h0)ᵀ H⁻¹ (Y − h0)) = {np.sqrt(missing @ np.linalg.solve(H_net, missing)):.6f}")

# %% [markdown]
# <details><summary>What happened (open after running)</summary>
#
# All three fit the training images. On new images the second agrees with the first: what was added lies in the span
# of the features, where gradient descent rewrites everything. The third does not: the part of a start that is
# orthogonal to all features is **never touched by training**, and it speaks on every new image. Interpolating solutions
# differ by nothing else than such a part. This is why the start stays in the formula for ever (lab 4: "keep the initial
# function"; lab 5: where the scatter of trained networks comes from).
#
# And the length of the road, which you saw not to depend on the width, is $\sqrt{(Y - h_0)^\top H^{-1}(Y - h_0)}$. Lab 6
# builds a bound on the test error from this one number.
#
# </details>

# %% [markdown]
# ## 7 · The giant leap
#
# In outputs instead of weights, nothing is left of $\Phi$ but inner products. At a new input $x$ with features
# $\phi(x)$, $h(w_\infty, x) = h(w_0, x) + \phi(x)^\top\Phi^\top H^{-1}(Y - h_0)$, and $\phi(x)^\top\Phi^\top$ is a row of
# the **test kernel**, $\Theta_{\text{test}}$, the inner products of test and training features. S1 calls the matrix of
# all these inner products the neural tangent kernel $\Theta$; our $H$ is its training block $\Theta_{\text{train}}$.
#
# S1 reaches this point in a single stride, and asks: can *one* step of gradient descent train the network fully? One
# number $\eta$ cannot: the eigenvalues differ, and each mode wants a step of its own. But one step with a *matrix* for a
# step size can: replace $\eta$ by $\eta\,\kappa$ with $\kappa$ an $n \times n$ "Newton tensor" on the training points,
# (10.18), and choose it so that every factor is 0 at once: $\eta\kappa = \Theta_{\text{train}}^{-1}$, (10.25). This is
# **Newton's method** (footnote 8), and for a linear model it needs one step, (10.28):
#
# $$f_{\text{test}} = f_{0,\text{test}} - \Theta_{\text{test}}\,\Theta_{\text{train}}^{-1}\,\bigl(f_{0,\text{train}} - Y\bigr).$$
#
# It is lab 1's dual prediction, for what is left to learn, on top of the start. (In print the inverse has indices
# *upstairs* in (10.25)–(10.28) and, by mistake, downstairs from (10.34) on. Code that takes the latter at its word
# multiplies by $\Theta$ where it should solve. A reliable alarm: on the training points the formula must return $Y$.)
#
# **By hand**, two outputs: $\Theta_{\text{train}} = \begin{pmatrix} 2 & 1 \\ 1 & 2\end{pmatrix}$ has the inverse
# $\frac13\begin{pmatrix} 2 & -1 \\ -1 & 2\end{pmatrix}$. With $f_{0,\text{train}} = I$ and $Y = -2I$ the error
# $f_{0,\text{train}} - Y$ is $3I$, so $\Theta_{\text{train}}^{-1}(\dots) = \begin{pmatrix} 2 & -1 \\ -1 & 2\end{pmatrix}$.
# A test point with kernel row $(1, 1)$ and start $(0, 2)$ ends at $(0, 2) - (1, 1) = (-1, 1)$. One with kernel row $(2,
# 1)$ and start $(1, 0)$, the first training point itself, ends at $(1, 0) - (3, 0) = (-2, 0)$: its label.

# %% [markdown]
# ## Exercise 7 · `newton_step`
#
# Difficulty ●●○ · 15 minutes · 3 points
#
# **Equation**: (10.28), with (10.25)–(10.26). (Lab 1's `kernel_predict` would do it in one line. It is withheld here, under all its names:
# write the solve again.)
#
# | | shape | |
# |---|---|---|
# | `Theta_train` | `(n, n)` | kernel of the training points, symmetric, invertible |
# | `Theta_test` | `(m, n)` | kernel, test × train; $m \neq n$ in general |
# | `Y`, `f0_train` | `(n, c)` | targets; outputs at the start on the training points |
# | `f0_test` | `(m, c)` | outputs at the start on the test points |
# | returns | `(m, c)` | outputs on the test points after the leap |


# %% role="answer" exercise="newton_step"
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    """Outputs (m, c) at the test points after one Newton step, which trains a linear model fully."""
    ### BEGIN SOLUTION
    return f0_test - Theta_test @ np.linalg.solve(Theta_train, f0_train - Y)
    ### END SOLUTION


# %% role="visible" exercise="newton_step"
t = lab.tests("newton_step")
Theta_train, Theta_test = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[1.0, 0.0], [1.0, 1.0], [2.0, 1.0]])
f0_train, Y, f0_test = np.eye(2), -2 * np.eye(2), np.array([[5.0, 1.0], [0.0, 2.0], [1.0, 0.0]])
leap = np.array([[2.0, -1.0], [1.0, 1.0], [3.0, 0.0]])
t.close(
    "three test points, two outputs, by hand",
    lambda: newton_step(Theta_train, Theta_test, Y, f0_train, f0_test),
    np.array([[3.0, 2.0], [-1.0, 1.0], [-2.0, 0.0]]),
    rtol=1e-5,
    atol=1e-6,
    mistakes={
        "multiplied by Θ where its inverse belongs (as (10.34) on is printed): on training points Y must come back": (
            f0_test - np.array([[6.0, 3.0], [9.0, 9.0], [15.0, 12.0]])
        ),
        "f0_test is missing: the leap starts from what the network says before it": -leap,
        "f0_train is missing: what has to be learned is Y − f0_train": f0_test - leap * 2 / 3,
        "both starting outputs are missing: this is lab 1's prediction from zero": -leap * 2 / 3,
        "the sign is wrong: f0_train − Y is subtracted": f0_test + leap,
        "the inverse is missing": f0_test - 3 * Theta_test,
        "one number for a step: 1/λ_max cannot serve all modes; solve with Theta_train": f0_test - Theta_test,
        "each entry of Θ is inverted: the inverse of the matrix is asked": (
            f0_test - 3 * Theta_test @ np.array([[0.5, 1.0], [1.0, 0.5]])
        ),
        "n stands in the step: with Θ's own inverse there is no 1/n": f0_test - leap / 2,
    },
)
A, B = t.rng.standard_normal((4, 9)), t.rng.standard_normal((6, 9))
Y, f0_train, f0_test = t.rng.standard_normal((4, 3)), t.rng.standard_normal((4, 3)), t.rng.standard_normal((6, 3))
t.close(
    "on the training points it returns the targets",
    lambda: newton_step(A @ A.T, A @ A.T, Y, f0_train, f0_train),
    Y,
    rtol=1e-5,
    atol=1e-6,
    mistakes={
        "f0_test is missing": Y - f0_train,
        "multiplied by Θ where its inverse belongs": (f0_train - A @ A.T @ (A @ A.T) @ (f0_train - Y)),
    },
)
z, z_test = f0_train, f0_test
for _ in range(8000):  # the long way: small steps in the space of outputs
    error = (z - Y) / np.trace(A @ A.T)
    z, z_test = z - A @ (A.T @ error), z_test - B @ (A.T @ error)
t.close(
    "8,000 small steps lead to the same place",
    lambda: newton_step(A @ A.T, B @ A.T, Y, f0_train, f0_test),
    z_test,
    rtol=1e-4,
    atol=1e-5,
)
t.report()

# %% role="hidden" exercise="newton_step" points=3
# Hidden tests: fresh kernels, one training point, one output, more test than training points, test = training.
### BEGIN HIDDEN TESTS
t = lab.tests("newton_step", hidden=True)
reference = lab.reference("dynamics.newton_step")
for what, n, m, c in [
    ("three outputs", 5, 3, 3),
    ("one output", 4, 7, 1),
    ("one training point", 1, 3, 2),
    ("one test point", 6, 1, 2),
]:
    A, B = t.rng.standard_normal((n, n + 8)), t.rng.standard_normal((m, n + 8))
    Theta_train, Theta_test = A @ A.T, B @ A.T
    Y, f0_train = 2 * t.rng.standard_normal((2, n, c))
    f0_test = t.rng.standard_normal((m, c))
    error = f0_train - Y
    leap = Theta_test @ np.linalg.solve(Theta_train, error)
    targets_only = Theta_test @ np.linalg.solve(Theta_train, Y)
    t.close(
        what,
        lambda: newton_step(Theta_train, Theta_test, Y, f0_train, f0_test),
        reference(Theta_train, Theta_test, Y, f0_train, f0_test),
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "multiplied by Θ where its inverse belongs": f0_test - Theta_test @ Theta_train @ error,
            "f0_test is missing": -leap,
            "f0_train is missing": f0_test + targets_only,
            "both starting outputs are missing": targets_only,
            "the sign is wrong": f0_test + leap,
            "the inverse is missing": f0_test - Theta_test @ error,
            "one number for a step: solve with Theta_train": (
                f0_test - Theta_test @ error / np.linalg.eigvalsh(Theta_train)[-1]
            ),
            "each entry of Θ is inverted": f0_test - Theta_test @ (1 / Theta_train) @ error,
            "n stands in the step: there is no 1/n": f0_test - leap / n,
        },
    )
t.close(
    "test points = training points",
    lambda: newton_step(Theta_train, Theta_train, Y, f0_train, f0_train),
    Y,
    rtol=1e-4,
    atol=1e-5,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="newton_step"
# <details><summary>Hint 1 · concept</summary>
#
# Which combination of the columns of $\Theta_{\text{train}}$ cancels the error at the start? The same combination of
# the columns of $\Theta_{\text{test}}$ is what the leap does to the test points. Subtract it from where they started.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The combination is $\Theta_{\text{train}}^{-1}(f_{0,\text{train}} - Y)$, `(n, c)`: one linear system with $c$
# right-hand sides, which `np.linalg.solve` takes all at once. `(m, n)` times `(n, c)` is `(m, c)`, the shape of
# `f0_test`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.linalg.solve` takes the training kernel first, then the errors at the start. Multiply the test kernel with what it
# returns, by `@`, and subtract the product from the test outputs at the start.
#
# </details>

# %% [markdown]
# ## 8 · Algorithm independence
#
# Now put everything on one axis. Five ways to train the *same* linear model (the digits, $p = 4160$, $n = 8$) from the same
# start. You have already written all five:
#
# | algorithm | is your `gradient_descent` … |
# |---|---|
# | **gradient descent** | as it is, $\eta = n/\lambda_{\max}$ |
# | **SGD, constant step** | one step at a time on *one* random row of `Phi`, `Y`, `h0` |
# | **SGD, decaying step** | the same with $\eta_t = \eta/(1 + t/300)$ |
# | **generalised squared error**, (10.22): $\frac{1}{2n}\,r^\top\kappa\,r$ with a metric $\kappa = A^\top A$ on the points | on `A @ Phi`, `A @ Y`, `A @ h0`, since $r^\top A^\top A\,r = \lVert Ar\rVert^2$; here $\kappa$ counts image $k$ with weight $\propto k$ |
# | **Newton**, (10.25): $\kappa = H^{-1}$ | the same with $A = H^{-1/2}$ and a single step of $\eta = n$ |
#
# We watch two things: what the model says about one *new* image (number 10, a zero, so even, target $-1$), and
# how far its weights are from your `gd_limit`. **Predict**: which of the five arrive? The book's footnote 15 says
# that SGD must lower its step, "otherwise the network will fluctuate around" the minimum for ever.


# %% role="demo" name="algorithms-code"
def walk(Phi, Y, h0, eta, A=None, marks=()):
    """Full-batch gradient descent with the metric AᵀA; the weights after each number of steps in marks."""
    A = np.eye(len(Y)) if A is None else A
    w, done, kept = w_start, 0, []
    for mark in marks:  # gradient descent forgets its past: begin anew from where it stands
        w, _ = gradient_descent(A @ Phi, A @ Y, w, A @ (h0 + Phi @ (w - w_start)), eta, int(mark - done))
        done = mark
        kept.append(w)
    return kept


def stochastic_walk(Phi, Y, h0, step_size, marks, seed=1):
    """SGD with one random point per step; step_size is a function of the step 0, 1, ..."""
    rng, w, kept, keep = np.random.default_rng(seed), w_start, [], set(marks.tolist())
    for t in range(marks[-1]):
        row = [rng.integers(len(Y))]
        w, _ = gradient_descent(Phi[row], Y[row], w, h0[row] + Phi[row] @ (w - w_start), step_size(t), 1)
        if t + 1 in keep:
            kept.append(w)
    return kept


def five_algorithms(Phi, Y, h0, marks):
    """Name -> (steps, weights at those steps)."""
    n, (values, Q) = len(Y), np.linalg.eigh(Phi @ Phi.T)
    seen = values > 1e-10 * values[-1]
    newton = Q[:, seen] / np.sqrt(values[seen]) @ Q[:, seen].T  # H^(−1/2), on what H can see
    weigh = np.diag(np.sqrt(np.arange(1, n + 1) / (n + 1) * 2))
    one_point = 1 / np.max(np.sum(Phi**2, axis=1))
    weighted = weigh @ Phi
    return {
        "gradient descent": (marks, walk(Phi, Y, h0, n / values[-1], marks=marks)),
        "SGD, constant step": (marks, stochastic_walk(Phi, Y, h0, lambda t: one_point, marks)),
        "SGD, decaying step": (marks, stochastic_walk(Phi, Y, h0, lambda t: one_point / (1 + t / 300), marks)),
        "generalised squared error": (
            marks,
            walk(Phi, Y, h0, n / np.linalg.norm(weighted, 2) ** 2, weigh, marks),
        ),
        "Newton": (np.array([1]), walk(Phi, Y, h0, float(n), newton, [1])),
    }


LOOKS = {
    "gradient descent": {"color": "k", "ls": "-", "lw": 1.6},
    "SGD, constant step": {"color": "0.55", "ls": "-", "lw": 1.0},
    "SGD, decaying step": {"color": "k", "ls": ":", "lw": 1.8},
    "generalised squared error": {"color": "k", "ls": "--", "lw": 1.3},
    "Newton": {"color": "k", "ls": "", "marker": "*", "ms": 12, "mfc": "white"},
}


def draw_algorithms(trained, start, slopes, end, closed_form, floor=1e-13):
    """What each says of a new image, and how far it is from `end`, both against the step."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.9))
    road = np.linalg.norm(end - w_start)
    for name, (steps, weights) in trained.items():
        left.semilogx(steps, [start + slopes @ (w - w_start) for w in weights], **LOOKS[name])
        distances = [max(np.linalg.norm(w - end) / road, floor) for w in weights]
        right.loglog(steps, distances, label=name, **LOOKS[name])
    left.axhline(start + slopes @ (end - w_start), color="k", lw=0.7, zorder=0)
    left.set(xlabel="step", ylabel="output on a new image")
    right.set(xlabel="step", ylabel="distance of the weights from it\n(1 = distance at the start)")
    left.set_title(f"thin line: the {closed_form}", fontsize=9)
    right.set_title(f"cut off at {floor:g}", fontsize=9)
    fig.legend(loc="outside lower center", ncols=3, fontsize=9)
    return fig


# %% role="figure" name="algorithms"
marks = np.unique(np.geomspace(1, 16_000, 100).astype(int))
trained = five_algorithms(Phi_net, labels, h_start, marks)
slopes, start = tangent_features(f_net, new_images[2:3])[0], f_net(w_start, new_images[2:3])[0, 0]
draw_algorithms(trained, start, slopes, gd_limit(Phi_net, labels, w_start, h_start), "closed form")
plt.show()
leap = newton_step(H_net, slopes[None] @ Phi_net.T, labels[:, None], h_start[:, None], np.array([[start]]))
print(f"your newton_step, which never saw a weight: {leap[0, 0]:.7f}")
for name, (_, weights) in trained.items():
    print(f"{name:26s} ends at {start + slopes @ (weights[-1] - w_start):.7f}")

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Two panels against the step, logarithmic. Left, the output on a new image: five different paths, all ending on the horizontal line of the closed form near minus 1.63; Newton is there after one step. Right, distance of the weights from the closed form: gradient descent, SGD with a constant step and the generalised squared error fall straight to rounding error, SGD with a decaying step slowly, to below 1e-7 in 16,000 steps.](algorithms.png)
#
# Five roads, one place, to all digits printed, on an image none of them has seen: **algorithm independence**,
# (10.35). The proof takes two lines, the two facts of section 6: every one of these updates, whatever the step, the batch
# or the metric, adds some combination of the rows of $\Phi$, and there is only one point in that span that interpolates.
#
# But look at SGD with a *constant* step: it arrives as well, and sooner than the decaying one. Footnote 15 is mistaken
# here. At an interpolating solution **every single point has residual zero**, so there is no gradient left on any
# batch, and nothing to fluctuate with.
#
# </details>
#
# ### Where it fails: rank below n
#
# The argument used rank $n$ once: interpolation is possible. Take that away. It needs nothing exotic, only an honest
# mistake in the data: let the last image be a *copy of the first*, a zero, but keep its label "odd". Eight points,
# seven different ones: the rank of $\Phi$ is 7, $H$ has an eigenvalue 0, and no model can say both "even" and "odd"
# to the same image.
#
# **Predict, then run.** Without a solution that fits everything, what will each of the five do? And what will the
# weighted loss, in which image 8 counts eight times as much as image 1, say about that image, compared with plain
# gradient descent? (Our Newton inverts $H$ only where it is not 0.)

# %% role="figure" name="conflict"
copied = images.copy()
copied[7] = copied[0]
Phi_c, h0_c = tangent_features(f_net, copied), f_net(w_start, copied)[:, 0]
try:
    gd_limit(Phi_c, labels, w_start, h0_c)
except ValueError as refusal:
    print("your gd_limit:", refusal)
least_squares = w_start + np.linalg.lstsq(Phi_c, labels - h0_c, rcond=1e-10)[0]
trained_c = five_algorithms(Phi_c, labels, h0_c, marks)
draw_algorithms(trained_c, start, slopes, least_squares, "least squares, nearest to w0", floor=1e-4)
plt.show()
late = marks >= marks[-1] // 4
for name, (_, weights) in trained_c.items():
    says = [h0_c[0] + Phi_c[0] @ (w - w_start) for w in weights]
    wanders = f", over the last three quarters ± {np.std(np.array(says)[late]):.3f}" if len(says) > 1 else ""
    print(f"{name:26s} on the doubly labelled image: {says[-1]:6.3f}{wanders}")

# %% [markdown]
# <details><summary>Compare with the expected picture (open after running)</summary>
#
# ![The same two panels with one image labelled twice. Left: gradient descent and Newton end on the line of least squares near minus 0.92; SGD with a decaying step closes in on it; the generalised squared error settles on a level of its own near minus 0.35; SGD with a constant step jumps up and down between 0 and minus 2 to the end. Right, the distance from least squares: gradient descent and Newton fall out of the picture; SGD with a decaying step keeps falling, to about 0.02; the constant one wavers around 0.4; the generalised loss stops at 0.47.](conflict.png)
#
# - **Gradient descent and Newton** settle on least squares: the two labels of the copied image average to 0.
# - **SGD with a constant step never settles.** Each time it draws the image it is pulled towards the label it drew. Here
#   footnote 15 is right: with a **falling** step it closes in.
# - **The generalised loss settles too, elsewhere.** With weights $1 : 8$ the best answer to $-1$ and $+1$ is $(-1 + 8)/9
#   = 0.78$. Once not everything can be fitted, *how* you weigh the misfits decides. That is no longer algorithm
#   independence.
#
# So the condition is not "wide", and not "small step". It is **interpolation**: rank $\Phi = n$, or labels that happen
# to be compatible. Wide networks have $p \gg n$, and different images have different gradients; that is why the
# book can be generous. Repeat an image with two labels, add a ridge, or use fewer features than points, and it is gone.
#
# </details>

# %% [markdown]
# ## 9 · Another loss altogether
#
# Algorithm independence allows any loss whose minimum is at $z = Y$, (10.32). For classification one uses the
# **cross-entropy**, $-\sum_i p_i\log q_i$ with $q = \mathrm{softmax}(z)$, (10.36). In the space of outputs training is the
# same walk, driven by another *error factor* (the derivative of the loss by the outputs):
#
# $$z \leftarrow z - \eta\,\Theta\,\epsilon, \qquad \epsilon = z - Y \ \ (10.5), \qquad \epsilon = q - p \ \ (10.7).$$
#
# **By hand**: two classes, $z = (0, 0)$, so $q = (\frac12, \frac12)$; the target is class 1. One-hot, $p = (1, 0)$:
# $\epsilon = (-\frac12, \frac12)$. The factor vanishes only at $q = (1, 0)$, that is at $z_1 - z_2 = \infty$: **a
# one-hot target has no minimum**, only a direction. With a *soft* label, $p = (0.9, 0.1)$, it vanishes at $z_1 - z_2 =
# \log 9 \approx 2.2$: a finite place.
#
# And the entries of $\epsilon$ sum to 0: whatever training does, $\sum_i z_i$ stays what it was at the start, at every
# image. So the final outputs need not be $\log p$ (the book is a little quick here): only their **softmax** is $p$.
# Compare softmaxes.

# %% role="figure" name="cross-entropy"
from ntklab import dynamics

classes = (datasets.digits()[1][:8] // 3).astype(int)  # {0, 1, 2}, {3, 4, 5}, {6, 7}
Theta, Theta_new = Phi_net @ Phi_net.T, new_Phi @ Phi_net.T
rng = np.random.default_rng(2)
z0, z0_new = rng.standard_normal((8, 3)), rng.standard_normal((3, 3))  # outputs of the three at the start
at = np.unique(np.geomspace(1, 30_000, 60).astype(int))
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
for smoothing, style, name in [(0.1, "k-", "soft labels, 0.9 : 0.05 : 0.05"), (0.0, "k--", "one-hot labels")]:
    p = dynamics.soft_labels(classes, 3, smoothing)
    z, z_new, spread, gap = z0, z0_new, [], []
    eta = 2 / np.linalg.norm(Theta, 2)
    for step in range(1, at[-1] + 1):
        q = np.exp(z - z.max(axis=1, keepdims=True))
        error = q / q.sum(axis=1, keepdims=True) - p  # (10.7)
        z, z_new = z - eta * Theta @ error, z_new - eta * Theta_new @ error
        if step in at:
            spread.append(np.max(z.max(axis=1) - z.min(axis=1)))
            gap.append(np.max(np.abs(dynamics.softmax(z) - p)))
    left.loglog(at, gap, style, label=name)
    right.semilogx(at, spread, style, label=name)
    if smoothing:
        leap = newton_step(Theta, Theta_new, np.log(p), z0, z0_new)
        print("new images, cross-entropy, softmax: ", np.round(dynamics.softmax(z_new)[0], 6))
        print("new images, your giant leap, softmax:", np.round(dynamics.softmax(leap)[0], 6))
        print("their raw outputs differ, by a shift:", np.round(z_new[0] - leap[0], 4))
        print("sum of outputs, start and end:", np.round(z0[:3].sum(1), 6), np.round(z[:3].sum(1), 6))
left.set(xlabel="step", ylabel="largest gap of softmax to target", ylim=(1e-13, 2))
right.set(xlabel="step", ylabel="largest gap between two outputs")
left.legend(fontsize=9, loc="lower left")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Two panels against the step, logarithmic. Left: the largest gap of the softmax to its target falls to rounding error for soft labels, and only like a power of the step for one-hot labels. Right: the largest gap between two outputs levels off at about 3 for soft labels and keeps growing, like the logarithm of the step, for one-hot labels.](cross-entropy.png)
#
# Soft labels: the walk ends, and on new images its softmax is that of your giant leap with $Y = \log p$, to every digit
# printed. The raw outputs differ by the same number in every class, which no softmax can see. One-hot labels: the gap closes
# like $1/t$, the outputs grow like $\log t$, for ever. There is no place to arrive at, so there is no formula for it either;
# stop early, or smooth the labels.
#
# </details>

# %% [markdown]
# ## 10 · Check yourself
#
# No points. Choose, and read what comes back; the other choices have something to say as well.

# %% role="quiz" name="what-matters"
lab.quiz(
    "A very wide network is trained to zero loss. Which of these changes the trained network?",
    {
        "Batches of 32 instead of all the data": (
            "No: with interpolation SGD ends where gradient descent does, in the span of the features, attached to the start."
        ),
        "Half the step, twice as many steps": "No: any stable step leads to the same point; you drew five kinds of walks.",
        "A ten times larger learning rate for the first layer than for the last": (
            "Right. One rate per weight is the learning-rate tensor λ of (10.17): the kernel becomes ΦλΦᵀ, a *different* kernel "
            "with another span, and so another limit. (Adam does this too, with rates that change on the way.)"
        ),
        "Weighing some images more than others in the loss": (
            "No, as long as everything can be fitted: a metric on the points, (10.22), leaves the minimum where it is. It "
            "matters once the rank is below n."
        ),
    },
    right="A ten times larger learning rate for the first layer than for the last",
)

# %% role="quiz" name="too-large"
lab.quiz(
    "You train at 1.05 times the largest stable step, eight points, well-separated eigenvalues. What do you see?",
    {
        "Nothing is learned: all modes grow from the first step on": (
            "Only modes with |1 − ηλ/n| > 1 grow. How many eigenvalues are within five per cent of the largest?"
        ),
        "The loss falls at first, then explodes": (
            "Right. Most modes shrink as they should, and the loss with them. One mode, that of the largest eigenvalue, "
            "changes sign at every step and grows by ten per cent; in the end it is all there is."
        ),
        "Training is five per cent faster": "Up to the limit the slow modes profit from a large step. Beyond it, one mode has a factor below −1.",
        "It jumps around the minimum for ever": (
            "That is SGD with conflicting labels. Here nothing is random: a factor of −1.1 per step grows without bound."
        ),
    },
    right="The loss falls at first, then explodes",
)

# %% role="quiz" name="sgd"
lab.quiz(
    "Constant-step SGD on a linear model, more features than points, and no image twice. Its loss on all the data …",
    {
        "… goes to zero": (
            "Right. At the interpolating solution every point's own gradient is zero, so drawing one or the other makes no difference."
        ),
        "… fluctuates around a positive value, unless the step decays": (
            "That is what footnote 15 says, and it is right when the points contradict each other: rank below n."
        ),
        "… goes to zero only for small steps, where SGD is a differential equation": (
            "The step must be stable, no more. The largest one that never leads away from the solution is 2/max‖φ(x)‖²."
        ),
        "… depends on the order of the images": "The path does; the end does not.",
    },
    right="… goes to zero",
)

# %% [markdown]
# ## 11 · Two questions marked by hand
#
# ### Question A · who is independent of what?
#
# 3 points, about 12 minutes. In a few sentences each:
#
# 1. Prove for SGD with any step sizes and any batches: *if* it reaches an interpolating point, that point is
#    `gd_limit`. Say where rank $\Phi = n$ is used.
# 2. Footnote 15 of S1 says that SGD with a constant step never reaches the minimum. Give the reason why it does here,
#    and a data set of two points for which the footnote is right.
# 3. A friend trains the same linear model with $w \leftarrow w - \eta D\,\nabla\mathcal L$, where $D$ is a fixed diagonal
#    matrix with positive entries. Where does this end? When is it the same point as before for *every* $Y$?

# %% [markdown] role="written" exercise="independence" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. Every SGD update subtracts a combination of feature vectors of its batch, so $w_t - w_0 = \Phi^\top c_t$ at all
#    times, and in the limit (the span is closed). If $h(w_\infty) = Y$, then $\Phi\Phi^\top c = Y - h_0$; with rank $n$
#    the matrix $H = \Phi\Phi^\top$ is invertible, $c = H^{-1}(Y - h_0)$ is the only solution, and $w_\infty = w_0 +
#    \Phi^\top H^{-1}(Y - h_0)$. Rank $n$ is used for the inverse (and for interpolation to be possible for every $Y$).
# 2. The noise of SGD comes from points whose residuals do not vanish at the minimum. At an interpolating solution all of
#    them vanish, so every batch's gradient is zero there. Two points with $\phi(x_1) = \phi(x_2) \neq 0$ and $y_1 \neq
#    y_2$: the minimum has residuals $\pm\frac12(y_1 - y_2)$, and each draw pulls to one side.
# 3. Substitute $w = D^{1/2}v$: it is plain gradient descent in $v$ with the features $\Phi D^{1/2}$, so it ends at $w_0 +
#    D\Phi^\top(\Phi D\Phi^\top)^{-1}(Y - h_0)$, which interpolates as well, but is nearest to $w_0$ in another norm. It
#    is the same point for every $Y$ if and only if the span of the rows of $\Phi D$ is the span of the rows of $\Phi$,
#    for instance if $D$ is a multiple of the identity, or if $n = p$.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the change stays in the span of the features, *and* one interpolating point in it, by the inverse
#   of H. Half a point for one of the two, or if the use of rank n is not named.
# - Part 2, 1 point: zero residual of every single point, hence no gradient noise; an example in which two points
#   contradict each other (one feature and two targets that are not compatible counts as well). Half a point for one.
# - Part 3, 1 point: the limit with D in it (or: an interpolating point nearest to the start in a norm weighted by 1/D),
#   and a correct condition (D a multiple of the identity, n = p, or equal spans). Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 5 minutes.
#
# 1. Look at *your* `gradient_descent`. How many multiplications does one step cost, in terms of $n$ and $p$ (leading order)?
#    Rewritten for the residual alone, with $H$ computed once, how many? For which $n$ and $p$ is that cheaper, if only
#    the losses are wanted?
# 2. Look at *your* `laziness`, called with $n = 1000$ images of 64 pixels and a network of width 10,000 with one output,
#    in double precision. Name the largest array that your code creates and its size in bytes. How could you rewrite your
#    code so that it needs a hundredth of that?

# %% [markdown] role="written" exercise="your-code" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. `Phi @ (w - w0)` and `Phi.T @ residual` cost $np$ multiplications each: $2np$ per step (plus terms of order $n + p$).
#    The recursion $r \leftarrow r - \frac{\eta}{n}Hr$ costs $n^2$ per step, after $n^2p$ once. It is cheaper per step when $n
#    < 2p$, always so for a wide network, and pays off after about $n$ steps or fewer.
# 2. Each Jacobian has shape `(1000, 1, 650000)`: $1000\cdot 650{,}000\cdot 8 = 5.2$ billion bytes, and `before`,
#    `after` and their difference are alive together. The squared norms are sums over inputs: loop over blocks of ten
#    images and add up the squares of both norms; take the roots at the end.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the count agrees with the student's own code (2np when outputs are computed once per step, 3np or
#   more where they are computed again), n² for the recursion, and the comparison n < 2p or the like. Half a point if
#   one is missing.
# - Part 2, 1 point: an array that the code really makes, with a size that agrees with its shape; blocks of inputs (or
#   one input at a time). Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - A wide network, while it trains, is a **linear model in its weights**: its Jacobian changes by $m^{-1/2}$ (tanh) or
#   $m^{-1/4}$ (ReLU) only, or by $1/\alpha$ when a centred output is scaled up.
# - On a linear model gradient descent is $n$ independent decays, with the **eigenvalues of $H$** for rates. They give
#   the largest stable step, $2n/\lambda_{\max}$, the condition that the slides' theorem lacks.
# - The walk ends at $w_0 + \Phi^\top H^{-1}(Y - h_0)$, the interpolating weights nearest to the start. In outputs that is
#   **one Newton step**, in which the features appear through inner products only.
# - Gradient descent, SGD with *any* stable step, Newton, other metrics and the cross-entropy with soft labels all end there, because
#   they interpolate. With rank below $n$ the losses part ways, and constant-step SGD never settles.
#
# **Where the theory stops.** Everything rests on the network staying lazy. A narrow one does not (you saw width 16 bend
# away from its tangent), and what it then does, learning *new* features, is what this theory cannot see; lab 10 returns to
# it. Rates per weight, momentum with weight decay, or Adam lead to other limits. And stopping early leaves the slow modes
# where they were.
#
# **Next, lab 3.** All you need of a lazy network is the matrix of inner products of its gradients. But these gradients
# belong to *random* weights: draw the network again, and every feature is another. So is the kernel random as well?
# Compute it for two wide networks and you will find the same numbers. Why, and which numbers?
#
# *In ntklab these functions are `dynamics.gradient_descent`, `dynamics.residual_after`, `dynamics.max_stable_step`,
# `dynamics.gd_limit`, `dynamics.newton_step` and `empirical.laziness` (which takes two networks in place of a function and
# two vectors of weights); `dynamics.sgd` and `dynamics.verify_gd_limit` belong to them. They are withheld in this lab, since
# you write them yourself, and open to later labs, except where one asks for the same again.*
