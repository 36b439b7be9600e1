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
#     title: How deep may a network be?
#     question: Which networks still tell inputs apart after a thousand layers, and who decides?
#     minutes: 150
# ---

# %% [markdown]
# # Lab 7 · How deep may a network be?
#
# **The question.** Lab 6 ended with it. The kernel there was that of one hidden layer. What does it become when the
# network has ten layers, or a thousand? Most deep networks have a kernel that sees all inputs as alike, or none.
# Then nothing can be learned from the training set, whatever the labels.
#
# Two numbers decide, the *susceptibilities*: the factors by which one layer stretches a small difference of two
# inputs. Multiplied a thousand times, a factor of 0.9 is nothing and one of 1.1 is everything. Only at 1, at
# **criticality**, does a deep network keep what it was given, and then powers of the depth take the place of
# exponentials. You find the critical point of an activation, follow two near inputs through a thousand layers,
# measure the powers and hold them against the theory, and you find where the book's own formula lost a term. For
# ReLU you will see two inputs that end at the same angle whatever they were.
#
# **After this lab you can**
#
# 1. compute the two susceptibilities of an activation by quadrature and say what each of them multiplies;
# 2. find the critical point of an activation, or say that it has none;
# 3. follow kernel and frozen NTK of two near inputs through the layers, to second order in their distance;
# 4. measure an exponent of depth, and test a printed asymptotic formula against an exact recursion;
# 5. follow two inputs at any angle through a deep ReLU network, and say what is left of the angle;
# 6. turn two 2 × 2 kernels into the bias and the variance of a prediction, and say how deep is too deep.
#
# **You need** lab 3 (Gaussian expectations), lab 4 (deep kernels, the frozen NTK), lab 5 (the covariance of an
# ensemble). NumPy, Taylor expansion.
#
# **Time**: 150 minutes. Six exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S1**: Roberts, Yaida, Hanin, *The Principles of Deep Learning Theory* (2022) | chapter 10, section 10.3.1, (10.56) to (10.70) | robustness, variance, and the recursion of near inputs |
# | S1 | 10.3.1, "K\* = 0 universality class", (10.71) to (10.81) | smooth activations: exponents |
# | S1 | 10.3.1, "Scale-invariant universality class", (10.82) to (10.98) | ReLU and its relatives, deep linear networks |
# | course | `errata.md`, entries 8, E3, E4 and E5 | where 10.3.1 prints something else |

# %% [markdown]
# ## How to work here
#
# As in the labs before: run from the top, write where it says `YOUR CODE HERE`, read what the test cell below says.
# Hidden tests do the same on fresh inputs. `lab.hint("depth_recursion")` prints the next of three hints. What you
# built in labs 1 to 6 now stands in `ntklab` and may be used, such as `kernels.nngp_and_ntk`. What this lab asks for
# is withheld, and so is everything that would answer it in one line.

# %% role="setup"
import numpy as np

from ntklab import datasets, gaussian, kernels, lab, networks, regression

lab.start("lab07-depth")

# A grid for averages over a standard normal number (lab 3): <g> at variance K is  w @ g(np.sqrt(K) * u).
# The number of nodes is even, so that none of them sits on the kink of a ReLU.
u, w = np.polynomial.hermite_e.hermegauss(200)
w = w / np.sqrt(2 * np.pi)

# %% role="demo" name="drawing"
import matplotlib.pyplot as plt
import torch

plt.rcParams.update({"figure.figsize": (6.8, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10})

# %% [markdown]
# ## 1 · Worked example: two points, width three
#
# Train on one input $x_+$, predict at another, $x_-$. Everything that matters is in two 2 × 2 kernels. Here they are
# for a network of one hidden layer and width three, $z(x) = \frac1{\sqrt 3}\sum_i v_i\,\max(\langle w_i, x\rangle, 0)$,
# with $w_1 = (2, 1)$, $w_2 = (1, -1)$, $w_3 = (-1, 2)$, all $v_i^2 = 1$, and the inputs $x_+ = (1, 0)$, $x_- = (0, 1)$.
# (No $1/d$ here, to keep the numbers whole.)
#
# | | $x_+$ | $x_-$ | product, mean over the three |
# |---|---|---|---|
# | $\sigma$ | $(2, 1, 0)$ | $(1, 0, 2)$ | $\langle\sigma_+\sigma_+\rangle = \tfrac53$, $\langle\sigma_-\sigma_-\rangle = \tfrac53$, $\langle\sigma_+\sigma_-\rangle = \tfrac23$ |
# | $\sigma'$ | $(1, 1, 0)$ | $(1, 0, 1)$ | $\langle\sigma'_+\sigma'_+\rangle = \tfrac23$, $\langle\sigma'_-\sigma'_-\rangle = \tfrac23$, $\langle\sigma'_+\sigma'_-\rangle = \tfrac13$ |
#
# The kernel of the outputs at the start is $K = \langle\sigma\sigma\rangle$. The tangent kernel adds what the first
# layer can do, $\Theta = \langle\sigma\sigma\rangle + \langle\sigma'\sigma'\rangle\,\langle x, x\rangle$, and here $\langle x_+, x_-\rangle = 0$:
#
# $$K = \frac13\begin{pmatrix} 5 & 2 \\ 2 & 5\end{pmatrix}, \qquad \Theta = \frac13\begin{pmatrix} 7 & 2 \\ 2 & 7\end{pmatrix}.$$
#
# Trained until $z(x_+) = y_+$, the mean prediction at $x_-$ is $\frac{\Theta_{-+}}{\Theta_{++}}\,y_+ = \frac27\,y_+$
# (lab 4). It has lost $\frac57$ of what it learned on the way from $x_+$ to $x_-$: the *robustness* is $r =
# \frac27 - 1 = -\frac57$. And the ensemble scatters around it with the variance (lab 5)
#
# $$K_{--} - 2\cdot\tfrac27 K_{-+} + \bigl(\tfrac27\bigr)^2K_{++} = \tfrac53 - \tfrac{8}{21} + \tfrac{20}{147} = \tfrac{209}{147} \approx 1.42 .$$
#
# $r = 0$ would be a network that sees no difference between the inputs, $r = -1$ one that sees no likeness. Neither
# can generalise. The lab asks what depth does to these two numbers.

# %% role="demo" name="worked-example"
inputs = np.eye(2)
hidden = inputs @ np.array([[2.0, 1], [1, -1], [-1, 2]]).T
features, slopes = np.maximum(hidden, 0), (hidden > 0) * 1.0
K_example = features @ features.T / 3
Theta_example = K_example + slopes @ slopes.T / 3 * (inputs @ inputs.T)
share = Theta_example[1, 0] / Theta_example[0, 0]
scatter = K_example[1, 1] - 2 * share * K_example[1, 0] + share**2 * K_example[0, 0]
print("robustness", np.round(share - 1, 4), "  variance", np.round(scatter, 4))

# %% [markdown]
# ## 2 · One layer: two susceptibilities
#
# Conventions for the rest of the lab:
#
# | | here |
# |---|---|
# | layers | 1, 2, …, $L$ count weight layers; $K^{(1)} = C_b + C_W\,\langle x, x'\rangle/d$, entry 0 of every array |
# | $\langle g\rangle_K$ | mean of $g(z)$ over $z \sim \mathcal N(0, K)$; $K$ is a **variance** |
# | $C_b$, $C_W$ | variances at the start: of a bias, and of a weight times its fan-in |
# | $\lambda_b$, $\lambda_W$ | learning rates, likewise, one for each layer |
# | $x_\pm$, $x_0$ | two inputs of equal norm, and their midpoint; $K_{00}$, $\Theta_{00}$ belong to the midpoint |
# | $\delta\delta K_{[2]}$ | $(K_{++} - K_{+-})/2$ to second order in the distance: the part of $K$ that tells $x_+$ from $x_-$. In layer 1, $C_W\lVert x_+ - x_-\rVert^2/4d$. Likewise $\delta\delta\Theta_{[2]}$ |
#
# A layer maps the kernel of one input by $K \to C_b + C_W\langle\sigma\sigma\rangle_K$. A small change of the *norm*
# of an input is multiplied by
#
# $$\chi_\parallel(K) = \frac{C_W}{K}\,\langle z\,\sigma(z)\,\sigma'(z)\rangle_K ,$$
#
# and a small difference of *direction*, at equal norm, by
#
# $$\chi_\perp(K) = C_W\,\langle \sigma'(z)\,\sigma'(z)\rangle_K .$$
#
# A network is **critical** where both are 1 and $K$ stays.

# %% [markdown]
# ## Exercise 1 · `susceptibilities`
#
# Difficulty ●○○ · 15 minutes · 3 points
#
# **Equation**: the two above; S1, 10.3.1, text before (10.64), from its (5.50) and (5.51).
#
# | | | |
# |---|---|---|
# | `activation` | `Activation` | `activation.f(z)` and `activation.derivative(z)` take a NumPy array `z` of any shape |
# | `C_W` | number | greater than 0 |
# | `K` | number | variance of the pre-activation, greater than 0 |
# | returns | two numbers `(chi_parallel, chi_perp)` | by quadrature, to six digits; `u` and `w` of the setup cell do |


# %% role="answer" exercise="susceptibilities"
def susceptibilities(activation, C_W, K):
    """(chi_parallel, chi_perp) of one layer at kernel value K."""
    ### BEGIN SOLUTION
    z = np.sqrt(K) * u
    slope = activation.derivative(z)
    return float(C_W / K * (w @ (z * activation.f(z) * slope))), float(C_W * (w @ slope**2))
    ### END SOLUTION


# %% role="visible" exercise="susceptibilities"
t = lab.tests("susceptibilities")
square, relu, tanh = (gaussian.activation(name) for name in ("monomial:2", "relu", "tanh"))
C, K = 1.5, 0.5
t.close(
    "σ(z) = z², by hand: ⟨z · z² · 2z⟩ = 2 · 3K² and ⟨(2z)²⟩ = 4K",
    lambda: susceptibilities(square, C, K),
    (4.5, 3.0),
    rtol=1e-6,
    mistakes={
        "the two are swapped: χ∥ has z σ σ′, χ⊥ has σ′ σ′; for ReLU you would not notice": (3.0, 4.5),
        "χ∥ lacks its 1/K": (4.5 * K, 3.0),
        "C_W is missing": (4.5 / C, 3.0 / C),
        "χ∥ lacks the factor z: ⟨σσ′⟩ alone is 0 for every odd or even activation": (0.0, 3.0),
        "χ∥ comes out twice: with ⟨σσ(z² − K)⟩ it is C_W/(2K²), mind the ½": (9.0, 3.0),
        "K is taken as a standard deviation: z = √K · u": (1.125, 1.5),
        "the z in χ∥ is the standard normal u: it is √K · u": (4.5 / np.sqrt(K), 3.0),
        "C_W is squared": (4.5 * C, 3.0 * C),
        "χ⊥ is ⟨σ′⟩²: the mean of the square is wanted": (4.5, 0.0),
        "χ⊥ is C_W⟨σσ⟩: it needs the derivative": (4.5, 1.125),
        "the weights of the grid are not those of a normal density: they must sum to 1": (
            4.5 * np.sqrt(2 * np.pi),
            3.0 * np.sqrt(2 * np.pi),
        ),
    },
)
t.close(
    "ReLU: both are C_W/2, at every K",
    lambda: susceptibilities(relu, 2.0, 0.7),
    (1.0, 1.0),
    rtol=1e-5,  # an answer by adaptive quadrature without a split at the kink is good to this
    mistakes={"a node of your grid sits on the kink: take an even number of nodes, or split there": np.nan},
)
fine = np.linspace(-14, 14, 40_001)  # a Riemann sum: exact to rounding for a smooth, falling integrand
density = np.exp(-(fine**2) / 2) / np.sqrt(2 * np.pi) * (fine[1] - fine[0])
z = np.sqrt(1.3) * fine
t.close(
    "tanh at K = 1.3, against a Riemann sum",
    lambda: susceptibilities(tanh, 1.2, 1.3),
    (
        1.2 / 1.3 * density @ (z * np.tanh(z) / np.cosh(z) ** 2),
        1.2 * density @ np.cosh(z) ** -4.0,
    ),
    rtol=1e-6,
    mistakes={},
)
t.report()

# %% role="hidden" exercise="susceptibilities" points=3
# Hidden tests: other activations at fresh C_W and K; a K near 0; a slope on either side of a kink.
### BEGIN HIDDEN TESTS
t = lab.tests("susceptibilities", hidden=True)
reference = lab.reference("depth.susceptibilities")
for name in ("tanh", "sin", "gelu", "erf", "leaky_relu:0.3", "scale_invariant:2,-0.5", "monomial:3"):
    sigma = gaussian.activation(name)
    C, K = float(t.rng.uniform(1.2, 2.5)), float(t.rng.choice([0.3, 1.8]) * t.rng.uniform(0.9, 1.1))
    parallel, perp = (float(value) for value in reference(sigma, C, K))
    t.close(
        name,
        lambda: susceptibilities(sigma, C, K),
        (parallel, perp),
        rtol=1e-5,
        mistakes={
            "the two are swapped": (perp, parallel),
            "χ∥ lacks its 1/K": (parallel * K, perp),
            "C_W is missing": (parallel / C, perp / C),
            "C_W is squared": (parallel * C, perp * C),
            "χ∥ comes out twice": (2 * parallel, perp),
        },
    )
sine = gaussian.activation("sin")
t.close("K near 0", lambda: susceptibilities(sine, 1.7, 1e-8), (1.7, 1.7), rtol=1e-5)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="susceptibilities"
# <details><summary>Hint 1 · concept</summary>
#
# Both are averages over *one* Gaussian number of variance $K$, not over a pair. Scale the grid first, then evaluate
# what stands between the brackets, then sum with the weights.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $z = \sqrt K\,u$, shape `(200,)`. Average of $g$: $\sum_i w_i\,g(z_i)$, one number. $g = z\,\sigma\,\sigma'$ for
# the one, $\sigma'^2$ for the other; the first has $C_W/K$ in front, the second $C_W$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Scale the nodes by the root of `K`; `s, ds = activation.f(...), activation.derivative(...)` there; then `w @ (nodes *
# s * ds)` and `w @ (ds * ds)`, with the factors in front.
#
# </details>

# %% [markdown]
# ## 3 · Where is a network critical?
#
# Two classes of activations have a critical point that serves deep networks.
#
# **Scale-invariant**: $\sigma(z) = a_+z$ for $z > 0$ and $a_-z$ for $z < 0$. ReLU, its leaky relatives, $|z|$, and
# the linear function. Both susceptibilities are $C_W(a_+^2 + a_-^2)/2$, at every $K$; so $C_b = 0$ and $C_W =
# 2/(a_+^2 + a_-^2)$.
#
# **K\* = 0**: smooth, with $\sigma(0) = 0$ and $\sigma_1 = \sigma'(0) \ne 0$. At $C_b = 0$ and $C_W = 1/\sigma_1^2$
# the kernel near 0 goes by $K \to K + a_1K^2 + \dots$, so both susceptibilities are 1 at $K = 0$, and $K$ falls to
# that fixed point, as $1/(-a_1\ell)$, **if** $a_1 < 0$. With $\sigma_k$ the $k$-th derivative at 0:
#
# $$a_1 = \frac{\sigma_3}{\sigma_1} + \frac34\Bigl(\frac{\sigma_2}{\sigma_1}\Bigr)^2, \qquad
#   b_1 = \frac{\sigma_3}{\sigma_1} + \Bigl(\frac{\sigma_2}{\sigma_1}\Bigr)^2, \qquad p_\perp = \frac{b_1}{a_1}.$$
#
# Otherwise $K$ runs away from 0 and the network leaves the point at which it was critical. GELU is such a case ($a_1
# \approx 1.9$), and sinh, although it is odd (the book's sentence that any odd activation will do needs this
# condition: errata E4).

# %% [markdown]
# ## Exercise 2 · `critical_point`
#
# Difficulty ●●○ · 20 minutes · 3 points
#
# **Equation**: S1 (10.84) with $\chi = 1$; the text before (10.71).
#
# | | | |
# |---|---|---|
# | `activation` | `Activation` | you may only evaluate it: decide by values, not by its name |
# | returns | two numbers `(C_b, C_W)` | at the critical point |
# | raises | `ValueError` | the activation is of neither class |


# %% role="answer" exercise="critical_point"
def critical_point(activation):
    """(C_b, C_W) at which both susceptibilities are 1 at a stable fixed point of K."""
    ### BEGIN SOLUTION
    sizes = np.array([0.01, 0.3, 1.0, 7.0])
    plus, minus = activation.f(sizes) / sizes, activation.f(-sizes) / -sizes
    if np.allclose(plus, plus[0]) and np.allclose(minus, minus[0]):
        return 0.0, float(2 / (plus[0] ** 2 + minus[0] ** 2))
    zero = np.zeros(1)
    slope = activation.derivative(zero)[0]
    if abs(activation.f(zero)[0]) > 1e-12 or abs(slope) < 1e-12:
        raise ValueError("neither scale-invariant nor of the class K* = 0")
    K = 0.01
    if w @ activation.f(np.sqrt(K) * u) ** 2 / slope**2 >= K:  # a_1 >= 0
        raise ValueError("K grows away from 0")
    return 0.0, float(1 / slope**2)
    ### END SOLUTION


# %% role="visible" exercise="critical_point"
t = lab.tests("critical_point")
steep, erf = gaussian.activation("scale_invariant:2,1"), gaussian.activation("erf")
t.close(
    "a₊ = 2, a₋ = 1, by hand: 2/(4 + 1)",
    lambda: critical_point(steep),
    (0.0, 0.4),
    rtol=1e-6,
    mistakes={
        "the slopes are added before they are squared: 2/(a₊² + a₋²) is wanted": (0.0, 2 / 9),
        "this is (a₊² + a₋²)/2, one layer's factor at C_W = 1: C_W is its inverse": (0.0, 2.5),
        "the 2 is missing: half of the inputs see a₊, the other half a₋, so the factor is the mean of the squares": (
            0.0,
            0.2,
        ),
        "this is 1/σ′(0)² with one of the two slopes: at a kink both sides count": (0.0, 0.25),
        "this is 1/σ′(0)² with the slope on the left: at a kink both sides count": (0.0, 1.0),
        "the slopes are not squared: χ has σ′σ′": (0.0, 2 / 3),
        "C_W first, C_b second? The order is (C_b, C_W)": (0.4, 0.0),
    },
)
root = 2 / np.sqrt(np.pi)  # the slope of erf at 0
t.close(
    "erf, by hand: σ′(0) = 2/√π",
    lambda: critical_point(erf),
    (0.0, np.pi / 4),
    rtol=1e-6,
    mistakes={
        "this is 1/σ′(0): χ has σ′σ′, so square it": (0.0, 1 / root),
        "this is σ′(0)²: C_W is its inverse": (0.0, root**2),
        "this is σ′(0): C_W is the inverse of its square": (0.0, root),
        "this makes χ⊥ = 1 at K = 1, but K does not stay at 1: the fixed point is K* = 0": (
            0.0,
            np.pi * np.sqrt(5) / 4,
        ),
        "this is the formula of scale-invariant activations with slopes at z = ±1: erf has no two slopes": (
            0.0,
            1 / 0.8427007929497149**2,
        ),
        "C_b must be 0: with a bias K does not go to 0": (1.0, np.pi / 4),
    },
)
for name, wanted in {"relu": 2.0, "linear": 1.0, "tanh": 1.0, "scale_invariant:1,-1": 1.0}.items():
    sigma = gaussian.activation(name)
    t.close(name, lambda: critical_point(sigma), (0.0, wanted), rtol=1e-6, mistakes={})
gelu, cube = gaussian.activation("gelu"), gaussian.activation("monomial:3")
t.raises(
    "GELU has σ(0) = 0 and σ′(0) = ½, but K runs away from 0",
    ValueError,
    lambda: critical_point(gelu),
    otherwise="GELU is not of the class K* = 0: at C_W = 4 the kernel grows away from 0 (a₁ > 0); raise ValueError",
)
t.raises(
    "z³ has no slope at 0",
    ValueError,
    lambda: critical_point(cube),
    otherwise="σ′(0) = 0 here, so no C_W makes χ⊥ = 1 at K = 0; raise ValueError",
)
t.report()

# %% role="hidden" exercise="critical_point" points=3
# Hidden tests: fresh slopes, also negative and zero ones; sin; activations of neither class.
### BEGIN HIDDEN TESTS
t = lab.tests("critical_point", hidden=True)
for a, b in [*t.rng.uniform(0.3, 3, (3, 2)).round(3), (0.0, 1.7), (2.5, 0.0), (1.5, -0.75)]:
    slopes = gaussian.activation(f"scale_invariant:{a},{b}")
    t.close(
        "two slopes",
        lambda: critical_point(slopes),
        (0.0, 2 / (a**2 + b**2)),
        rtol=1e-5,
        mistakes={
            "this is (a₊² + a₋²)/2": (0.0, (a**2 + b**2) / 2),
            "the 2 is missing": (0.0, 1 / (a**2 + b**2)),
        },
    )
for name, wanted in {"sin": 1.0, "erf": np.pi / 4, "tanh": 1.0, "leaky_relu:0.2": 2 / 1.04}.items():
    sigma = gaussian.activation(name)
    t.close(name, lambda: critical_point(sigma), (0.0, wanted), rtol=1e-5)
for name in ("gelu", "monomial:2", "monomial:3", "monomial:5"):
    sigma = gaussian.activation(name)
    t.raises(
        "an activation of neither class",
        ValueError,
        lambda: critical_point(sigma),
        otherwise="this activation is of neither class; raise ValueError",
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="critical_point"
# <details><summary>Hint 1 · concept</summary>
#
# Two questions to the activation. Is $\sigma(z)/z$ constant on each side of 0? Then it is scale-invariant. If not:
# is $\sigma(0) = 0$, is $\sigma'(0) \ne 0$, and does $K$ *fall* from a small value when $C_W = 1/\sigma'(0)^2$?
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Evaluate $\sigma$ at a few sizes $s$ and at $-s$; the ratios $\sigma(s)/s$ and $\sigma(-s)/(-s)$ are $a_+$ and
# $a_-$ if they do not change with $s$. The sign of $a_1$ without any derivative: compare $C_W\langle\sigma\sigma\rangle_K$
# with $K$ at a small $K$, say 0.01.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `ratio = activation.f(s) / s` for a few sizes `s`, large and small, compared with its own first entry by `np.allclose`;
# the same for `-s`. The slope at 0 from `activation.derivative`, given an array with a single 0. One layer at `K = 0.01`:
# the mean of $\sigma^2$ as in exercise 1, over the slope squared, against 0.01.
#
# </details>

# %% [markdown]
# ## 4 · A thousand layers, two near inputs
#
# Take the recursions of lab 4 for $K$ and $\Theta$ at two inputs and expand in their distance. For smooth activations
# and equal norms, with everything on the right taken **in layer $\ell$** and all averages at $K_{00}^{(\ell)}$:
#
# $$\begin{aligned}
# K_{00}^{(\ell+1)} &= C_b + C_W\langle\sigma\sigma\rangle, &
# \delta\delta K_{[2]}^{(\ell+1)} &= \chi_\perp\,\delta\delta K_{[2]}, \\
# \Theta_{00}^{(\ell+1)} &= \lambda_b^{(\ell+1)} + \lambda_W^{(\ell+1)}\langle\sigma\sigma\rangle + \chi_\perp\Theta_{00}, &
# \delta\delta\Theta_{[2]}^{(\ell+1)} &= \chi_\perp\,\delta\delta\Theta_{[2]} + \Bigl(\frac{\lambda_W^{(\ell+1)}}{C_W}\chi_\perp + C_W\langle\sigma''\sigma''\rangle\,\Theta_{00}\Bigr)\delta\delta K_{[2]}.
# \end{aligned}$$
#
# Layer 1 is $K^{(1)} = C_b + C_W\langle x, x'\rangle/d$ and $\Theta^{(1)} = \lambda_b^{(1)} + \lambda_W^{(1)}\langle x, x'\rangle/d$, so
#
# $$\Theta_{00}^{(1)} = \lambda_b^{(1)} + \lambda_W^{(1)}\,\frac{K_{00}^{(1)} - C_b}{C_W}, \qquad
#   \delta\delta\Theta_{[2]}^{(1)} = \lambda_W^{(1)}\,\frac{\delta\delta K_{[2]}^{(1)}}{C_W}.$$

# %% [markdown]
# ## Exercise 3 · `depth_recursion`
#
# Difficulty ●●● · 30 minutes · 4 points
#
# **Equation**: S1 (10.70), with (10.64) at the midpoint.
#
# | | | |
# |---|---|---|
# | `activation` | `Activation` | smooth |
# | `C_b`, `C_W` | numbers | the same in every layer |
# | `K0` | number | $K_{00}$ of layer 1 |
# | `delta2` | number | $\delta\delta K_{[2]}$ of layer 1, the whole of it: no factor 4 left to add |
# | `lambda_b`, `lambda_W` | `(depth,)` | rates by layer; entry 0 is layer 1 |
# | returns | dict of `(depth,)` arrays | `"K_00"`, `"ddK_2"`, `"Theta_00"`, `"ddTheta_2"`; entry 0 is layer 1 |


# %% role="answer" exercise="depth_recursion"
def depth_recursion(activation, C_b, C_W, K0, delta2, lambda_b, lambda_W):
    """Kernel and frozen NTK of two near inputs by layer, to second order in their distance."""
    ### BEGIN SOLUTION
    h = 1e-4
    K, ddK = K0, delta2
    Theta, ddTheta = lambda_b[0] + lambda_W[0] * (K0 - C_b) / C_W, lambda_W[0] * delta2 / C_W
    rows = [(K, ddK, Theta, ddTheta)]
    for rate_b, rate_W in zip(lambda_b[1:], lambda_W[1:], strict=True):
        z = np.sqrt(K) * u
        curve = (activation.derivative(z + h) - activation.derivative(z - h)) / (2 * h)
        square, bend = w @ activation.f(z) ** 2, w @ curve**2
        perp = C_W * (w @ activation.derivative(z) ** 2)
        ddTheta = perp * ddTheta + (rate_W / C_W * perp + C_W * bend * Theta) * ddK
        Theta = rate_b + rate_W * square + perp * Theta
        ddK = perp * ddK
        K = C_b + C_W * square
        rows.append((K, ddK, Theta, ddTheta))
    return dict(zip(("K_00", "ddK_2", "Theta_00", "ddTheta_2"), np.array(rows, dtype=float).T, strict=True))
    ### END SOLUTION


# %% role="visible" exercise="depth_recursion"
t = lab.tests("depth_recursion")
linear, square, tanh = (gaussian.activation(name) for name in ("linear", "monomial:2", "tanh"))
parts = ("K_00", "ddK_2", "Theta_00", "ddTheta_2")
t.close(
    "σ(z) = z², by hand: ⟨σσ⟩ = 3K², ⟨σ′σ′⟩ = 4K, ⟨σ″σ″⟩ = 4",
    lambda: depth_recursion(square, 0.2, 0.8, 0.5, 0.01, np.array([0.1, 0.3, 0.2]), np.array([0.4, 0.6, 0.9])),
    dict(
        zip(
            parts,
            [[0.5, 0.8, 1.736], [0.01, 0.016, 0.04096], [0.25, 1.15, 4.872], [0.005, 0.028, 0.17664]],
            strict=True,
        )
    ),
    rtol=1e-5,  # a second derivative by differences is good to 1e-7
    mistakes={
        wrong: dict(zip(parts, rows, strict=True))
        for wrong, rows in {
            "the NTK step takes its averages at the new K: all of them belong to the old layer": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 2.092, 19.9584576],
                [0.005, 0.04, 0.429312],
            ],
            "δδK is updated before δδΘ: the right side of (10.70) has the old layer's": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.005, 0.04, 0.3710976],
            ],
            "Θ is updated before δδΘ: the right side of (10.70) has the old layer's": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.005, 0.0568, 0.4409344],
            ],
            "the term with ⟨σ″σ″⟩ is missing: Θ₀₀ drives the two inputs apart where σ bends": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.005, 0.02, 0.09728],
            ],
            "⟨σ″σ″⟩ stands without Θ₀₀": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.005, 0.052, 0.2304],
            ],
            "⟨σ″σ″⟩ stands without C_W": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.005, 0.03, 0.19648],
            ],
            "a factor 4 in delta2: it is δδK of layer 1 already": [
                [0.5, 0.8, 1.736],
                [0.04, 0.064, 0.16384],
                [0.25, 1.15, 4.872],
                [0.02, 0.112, 0.70656],
            ],
            "the rates are off by one layer: layer ℓ + 1 learns with its own": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 0.8, 3.5],
                [0.005, 0.024, 0.13312],
            ],
            "λ_W stands without 1/C_W: χ⊥ contains a C_W that ⟨σσ⟩ does not have": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.005, 0.0256, 0.16128],
            ],
            "the term with λ_W is missing": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.005, 0.016, 0.09984],
            ],
            "Θ of layer 1 is λ_b + λ_W (K − C_b)/C_W: the bias variance is no input": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.35, 1.31, 5.2816],
                [0.005, 0.0312, 0.193024],
            ],
            "Θ of layer 1 lacks the 1/C_W: K − C_b is C_W |x|²/d": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.22, 1.102, 4.74912],
                [0.005, 0.02704, 0.1717248],
            ],
            "δδΘ of layer 1 lacks the 1/C_W": [
                [0.5, 0.8, 1.736],
                [0.01, 0.016, 0.04096],
                [0.25, 1.15, 4.872],
                [0.004, 0.0264, 0.172544],
            ],
            "C_b is missing in the kernel": [
                [0.5, 0.6, 0.864],
                [0.01, 0.016, 0.03072],
                [0.25, 1.15, 3.38],
                [0.005, 0.028, 0.1472],
            ],
        }.items()
    },
)
t.close(
    "σ(z) = z at C_W = 1, three layers: K stays, Θ gains the same in every layer",
    lambda: depth_recursion(linear, 0.0, 1.0, 2.0, 0.1, [0.5, 0.5, 0.5], [1.0, 1.0, 1.0]),
    {"K_00": [2.0, 2, 2], "ddK_2": [0.1, 0.1, 0.1], "Theta_00": [2.5, 5, 7.5], "ddTheta_2": [0.1, 0.2, 0.3]},
    rtol=1e-5,
    mistakes={},
)
apart = 1e-3 * np.array([0.0, 1.0])
middle, rates = np.array([1.2, 0.0]), (0.3, 0.2, 0.5, 0.4)
pair = np.stack([middle + apart, middle - apart])
K_pair, Theta_pair = kernels.nngp_and_ntk(
    pair, mlp=kernels.MLP(3, "tanh", C_b=0.1, C_W=1.3, lambda_b=rates, lambda_W=rates[::-1])
)
t.close(
    "the last of four layers of tanh, against the exact kernels of two inputs 0.002 apart",
    lambda: {
        key: values[-1]
        for key, values in depth_recursion(
            tanh, 0.1, 1.3, 0.1 + 1.3 * 0.72, 1.3 * 0.5e-6, np.array(rates), np.array(rates[::-1])
        ).items()
    },
    {
        "K_00": K_pair[0, 0],
        "ddK_2": (K_pair[0, 0] - K_pair[0, 1]) / 2,
        "Theta_00": Theta_pair[0, 0],
        "ddTheta_2": (Theta_pair[0, 0] - Theta_pair[0, 1]) / 2,
    },
    rtol=1e-4,  # the next order is 1e-6 of it, and the differences of two kernels keep eight digits
    mistakes={},
)
t.report()

# %% role="hidden" exercise="depth_recursion" points=4
# Hidden tests: several activations, variances and rates by layer; one layer; no distance; rates that are 0.
### BEGIN HIDDEN TESTS
t = lab.tests("depth_recursion", hidden=True)
reference = lab.reference("depth.depth_recursion")
parts = ("K_00", "ddK_2", "Theta_00", "ddTheta_2")


def wanted(*arguments):
    full = reference(*arguments)
    return {part: np.asarray(full[part]) for part in parts}


for name, depth in (("tanh", 12), ("sin", 7), ("gelu", 4), ("erf", 9), ("monomial:3", 3), ("linear", 5)):
    sigma = gaussian.activation(name)
    C_b, C_W = float(t.rng.uniform(0.05, 0.2)), float(t.rng.uniform(0.6, 1.3))
    K0, delta2 = C_b + float(t.rng.uniform(0.2, 0.5)), float(t.rng.uniform(0.005, 0.02))
    lambda_b, lambda_W = t.rng.uniform(0.2, 1.5, (2, depth))
    right = wanted(sigma, C_b, C_W, K0, delta2, lambda_b, lambda_W)
    t.close(
        f"{name}, {depth} layers",
        lambda: depth_recursion(sigma, C_b, C_W, K0, delta2, lambda_b, lambda_W),
        right,
        rtol=1e-4,
        mistakes={"a factor 4 in delta2": wanted(sigma, C_b, C_W, K0, 4 * delta2, lambda_b, lambda_W)},
    )
none = np.zeros(6)
sine = gaussian.activation("sin")
for case, arguments in {
    "one layer": (sine, 0.1, 1.2, 0.4, 0.01, np.array([0.7]), np.array([0.3])),
    "no distance": (sine, 0.0, 1.0, 0.8, 0.0, 1 + none, 1 + none),
    "rates of 0 below the last layer": (sine, 0.0, 1.1, 0.8, 0.01, none, np.eye(6)[-1]),
    "biases alone": (sine, 0.1, 1.1, 0.8, 0.01, np.eye(6)[0], none),
}.items():
    t.close(case, lambda: depth_recursion(*arguments), wanted(*arguments), rtol=1e-4, atol=1e-10)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="depth_recursion"
# <details><summary>Hint 1 · concept</summary>
#
# Four numbers walk through the layers. All four new ones are made from the four *old* ones: compute the averages once
# at the old $K_{00}$, and update $\delta\delta\Theta_{[2]}$ first, since it needs the old values of all the others.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Three averages a layer: $\langle\sigma\sigma\rangle$, $\langle\sigma'\sigma'\rangle$, $\langle\sigma''\sigma''\rangle$.
# The second derivative by central differences of `activation.derivative`, with a step of about $10^{-4}$. Entry 0 of
# every array is layer 1, and layer $\ell + 1$ uses the rates of layer $\ell + 1$: the loop runs over `lambda_b[1:]`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Start: `K, ddK, Theta, ddTheta` as in the two lines above the exercise. In the loop, in this order: `z`, the three
# averages, `perp = C_W * ...`, then `ddTheta`, term by term as in the last formula, then `Theta`, then `ddK`, then `K`.
# Append all four to a list; turn its columns into arrays at the end.
#
# </details>

# %% [markdown]
# ### See it: a hair's breadth off criticality
#
# **Predict, then run.** Two inputs of norm $\lVert x\rVert^2/d = 1$ at $\delta\delta K_{[2]} = 10^{-3}$ enter a tanh
# network with $C_b = 0$. The critical $C_W$ is 1. How large is $\delta\delta K_{[2]}$ after 100 layers at $C_W =
# 0.9$, at 1, at 1.1, at 1.3? Write down four powers of ten.

# %% role="figure" name="slider"
tanh = gaussian.activation("tanh")


def draw(C_W):
    ones = np.ones(100)
    found = depth_recursion(tanh, 0.0, C_W, C_W, 1e-3, ones / 100, ones / 100)
    fig, ax = plt.subplots(figsize=(5, 3.2))
    layers = np.arange(1, 101)
    ax.plot(layers, found["K_00"], "k--", label="$K_{00}$, size of the signal")
    ax.plot(layers, found["ddK_2"], "k-", label=r"$\delta\delta K_{[2]}$, distance of the inputs")
    ax.set(yscale="log", xlabel="layer", ylabel="kernel component", ylim=(1e-9, 3))
    ax.legend(loc="lower left", fontsize=8)
    return fig


lab.slider(
    draw,
    C_W=[0.9, 1.0, 1.1, 1.3],
    alt="Size of the signal and distance of two inputs by layer, in a tanh network at weight variances 0.9, 1, 1.1 and 1.3",
)

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Four panels over 100 layers. At C_W 0.9 both lines fall steadily by many powers of ten, at 1 both bend and fall ever more slowly, at 1.1 and 1.3 the signal settles at a constant and the distance, after a first fall, creeps up.](slider.png)
#
# After 100 layers: $2\cdot10^{-9}$, $7\cdot10^{-6}$, $9\cdot10^{-5}$, $1.1\cdot10^{-3}$. At $C_W = 0.9$ every layer takes a tenth, signal and distance alike:
# an exponential. At 1 both fall like $1/\ell$. Above 1 the signal settles at a $K^\star > 0$ where $\chi_\perp > 1$, by 0.3 % at 1.1
# and by 1.8 % at 1.3: that looks harmless here, and is a factor of $10^8$ after a thousand layers. Ten per cent decide.
#
# </details>

# %% [markdown]
# ## 5 · Powers of the depth
#
# At criticality the exponentials are gone. With $K_{00} = 1/(-a_1\ell)$ one has $\chi_\perp = 1 - p_\perp/\ell$, and the
# product of these factors is a power (S1 (10.71)):
#
# $$\delta\delta K_{[2]}^{(\ell)} = \frac{\delta^2}{\ell^{\,p_\perp}} + \dots$$
#
# The constant $\delta^2$ is not $\delta\delta K_{[2]}$ of layer 1: the first layers are not asymptotic. If the learning
# rates follow the *equivalence principle* (S1 (10.74)),
#
# $$\lambda_b^{(\ell)} = \tilde\lambda_b\,\ell^{-p_\perp}L^{p_\perp - 1}, \qquad \lambda_W^{(\ell)} = \tilde\lambda_W\,(L/\ell)^{p_\perp - 1},$$
#
# every layer contributes alike to $\Theta$, and the robustness measure of the whole network goes as (S1 (10.78))
#
# $$r = -2\,\frac{\delta\delta\Theta_{[2]}^{(L)}}{\Theta_{00}^{(L)}} \;\propto\; L^{\,1 - p_\perp}.$$
#
# At $p_\perp = 1$ depth costs nothing. To test this you need to measure an exponent.

# %% [markdown]
# ## Exercise 4 · `fit_exponent`
#
# Difficulty ●○○ · 10 minutes · 3 points
#
# The exponent $s$ of $\text{values} \sim \text{layers}^{\,s}$: the least-squares slope in log–log. Of $\delta\delta
# K_{[2]}$ it is $-p_\perp$, of $-r$ it is $1 - p_\perp$: a *signed* slope, nothing turned round. The caller leaves the first
# layers out.
# **Equation**: (10.71) and (10.78), measured.
#
# | | | |
# |---|---|---|
# | `layers` | `(k,)` | $k \ge 2$, greater than 0, in any order and with any gaps |
# | `values` | `(k,)` | greater than 0 |
# | returns | a number | the slope |
# | raises | `ValueError` | a value that is 0 or negative: it has no logarithm |


# %% role="answer" exercise="fit_exponent"
def fit_exponent(layers, values):
    """Exponent of values ~ layers^exponent, the least-squares slope in log-log."""
    ### BEGIN SOLUTION
    layers, values = np.asarray(layers, dtype=float), np.asarray(values, dtype=float)
    if np.any(values <= 0):
        raise ValueError("a power law needs values greater than 0: give the size of a negative measure")
    return float(np.polyfit(np.log(layers), np.log(values), 1)[0])
    ### END SOLUTION


# %% role="visible" exercise="fit_exponent"
t = lab.tests("fit_exponent")
layers, values = np.array([1.0, 2, 4, 8]), np.array([1.0, 1 / 2, 1 / 2, 1 / 16])
x, y = np.log2(layers), np.log2(values)
t.close(
    "layers 1, 2, 4, 8 and values 1, ½, ½, 1/16, by hand: in powers of two 0, 1, 2, 3 and 0, −1, −1, −4",
    lambda: fit_exponent(layers, values),
    -1.2,
    rtol=1e-5,
    mistakes={
        "the sign is turned: the signed slope is wanted, −p for a fall": 1.2,
        "this is 1 − p: the slope itself is wanted, the law says what it means": -0.2,
        "first and last point only: all points count": -4 / 3,
        "the last two points only: all points count": -3.0,
        "a line through the origin: let the fit have an intercept": -15 / 14,
        "layers and values are exchanged": -6 / 9,
        "a logarithm of the values only: take it on both axes": np.polyfit(layers, np.log(values), 1)[0],
        "a logarithm of the layers only: take it on both axes": np.polyfit(np.log(layers), values, 1)[0],
        "no logarithm: that is the slope on linear axes": np.polyfit(layers, values, 1)[0],
        "two different bases of the logarithm": -1.2 * np.log(10),
        "two different bases of the logarithm: log10 over ln": -1.2 / np.log(10),
        "the points are weighted by their layer: all count alike": np.polyfit(x, y, 1, w=layers)[0],
        "that is the intercept": np.polyfit(np.log(layers), np.log(values), 1)[1],
    },
)
t.raises(
    "a negative measure, such as r itself",
    ValueError,
    lambda: fit_exponent(layers, -values),
    otherwise="a negative number has no logarithm, but an exponent came back: raise ValueError",
)
t.report()

# %% role="hidden" exercise="fit_exponent" points=3
# Hidden tests: fresh data in any order; two points; other units; a deep network's own δδK between layers 100 and 1000.
### BEGIN HIDDEN TESTS
t = lab.tests("fit_exponent", hidden=True)
for k in (2, 5, 40):
    layers = t.rng.permutation(200)[:k] + 1.0
    slope = float(t.rng.choice([-2.0, -0.6, 1.4]) * t.rng.uniform(0.9, 1.1))
    values = np.exp(t.rng.normal(0, 0.3, k) + slope * np.log(layers) + 2)
    x, y = np.log(layers), np.log(values)
    right = np.sum((x - x.mean()) * y) / np.sum((x - x.mean()) ** 2)
    mistakes = {
        "the sign is turned": -right,
        "this is 1 − p": 1 + right,
        "a logarithm of the values only": np.polyfit(layers, y, 1)[0],
        "no logarithm": np.polyfit(layers, values, 1)[0],
        "two different bases of the logarithm": right * np.log(10),
    }
    t.close(f"{k} points", lambda: fit_exponent(layers, values), right, rtol=1e-4, mistakes=mistakes)
    t.close("other units", lambda: fit_exponent(7 * layers, 1e-3 * values), right, rtol=1e-4, mistakes=mistakes)
ones, late = np.ones(1000), np.arange(100, 1001)
deep = np.asarray(lab.reference("depth.depth_recursion")("sin", 0.0, 1.0, 1.0, 1e-3, ones, ones)["ddK_2"])[99:]
t.close("sin, layers 100 to 1000", lambda: fit_exponent(late, deep), -1.0, rtol=0.05)
t.raises(
    "a value of 0",
    ValueError,
    lambda: fit_exponent(late[:3], np.array([1.0, 0.0, 2.0])),
    otherwise="0 has no logarithm, but an exponent came back: raise ValueError",
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="fit_exponent"
# <details><summary>Hint 1 · concept</summary>
#
# A power law is a straight line when both axes are logarithmic. You measured a rate like this in lab 3 (how a kernel
# converges with the width) and in lab 6 (how a norm grows with $n$).
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# With $x = \log\text{layers}$, $y = \log\text{values}$: $\sum(x - \bar x)(y - \bar y)/\sum(x - \bar x)^2$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.polyfit(x, y, 1)` returns (slope, intercept) of the line through the logarithms `x` and `y`. Before it, `raise
# ValueError(...)` unless all values are greater than 0.
#
# </details>

# %% [markdown]
# ### See it: three exponents
#
# tanh and sin have $\sigma_2 = 0$ and so $p_\perp = 1$. A smooth activation with another exponent is $\tanh(z + b) -
# \tanh b$: with $t = \tanh b$, $p_\perp = (2 - 10t^2)/(2 - 9t^2)$, which is 0.885 at $b = 0.35$. (GELU is not of this
# class, as you found.) Your recursion, 1,000 layers each, and your fits from layer 100 on.

# %% role="figure" name="exponents"
shift = 0.35
shifted = gaussian.activation(lambda z: torch.tanh(z + shift) - np.tanh(shift))
bent = np.tanh(shift) ** 2
cases = {"tanh": (gaussian.activation("tanh"), 1.0), "sin": (gaussian.activation("sin"), 1.0)}
cases["tanh(z + 0.35) − tanh 0.35"] = (shifted, (2 - 10 * bent) / (2 - 9 * bent))
layers, late = np.arange(1, 1001), slice(99, 1000)
fig, axes = plt.subplots(1, 2, figsize=(9.2, 3.6))
for (name, (sigma, p)), style in zip(cases.items(), ["k-", "k--", "k:"], strict=True):
    C_W = 1 / float(sigma.derivative(np.zeros(1))[0]) ** 2
    # the factor L^(p − 1) is the same in both rates and drops out of r: one run serves all depths
    found = depth_recursion(sigma, 0.0, C_W, 1.0, 1e-3, layers**-p, layers ** (1 - p))
    measure = 2 * found["ddTheta_2"] / found["Theta_00"]
    fits = fit_exponent(layers[late], found["ddK_2"][late]), fit_exponent(layers[late], measure[late])
    print(f"{name:27} distance: exponent {fits[0]:+.3f}, law {-p:+.3f}   measure: {fits[1]:+.3f}, law {1 - p:+.3f}")
    axes[0].plot(layers, found["ddK_2"], style, label=name)
    axes[1].plot(layers, measure, style, label=name)
axes[0].set(xscale="log", yscale="log", xlabel="layer", ylabel=r"distance of the inputs, $\delta\delta K_{[2]}$")
axes[1].set(
    xscale="log", yscale="log", xlabel="depth of the network", ylabel=r"$-r = 2\,\delta\delta\Theta_{[2]}/\Theta_{00}$"
)
axes[0].legend(fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Two panels on logarithmic axes. Left: the distance of two inputs falls along nearly straight lines of slope about minus one for tanh and sin, a little flatter for the shifted tanh. Right: the robustness measure rises, falls and flattens out from layer 100 on for tanh and sin, and climbs steadily for the shifted tanh.](exponents.png)
#
# Distance: $-1.006$ and $-0.994$ against the law's $-1$, $-0.879$ against $-0.885$: within 1 %. Measure: $-0.044$, $-0.016$ and
# $+0.123$ against 0, 0 and $+0.115$. (An exponent of 0 is judged by its distance, here below 0.05; between layers 1,000 and 4,000 it is $-0.012$ for
# tanh. Corrections to these laws fall like $\log\ell/\ell$.) So a deep tanh network stays as robust as a shallow one, and one with
# $\sigma_2 \ne 0$ forgets ever more with depth. Include layers 1 to 99 in the fit, and see what the first layers do to it.
#
# </details>

# %% [markdown]
# ### A lost term: constant rates
#
# What if nobody follows the equivalence principle and all layers get the same $\lambda_b$, $\lambda_W$? For odd
# activations S1 prints $r = -\dfrac{4\lambda_W\sigma_1^2\delta^2}{\lambda_b}\cdot\dfrac1L$ (10.81). The derivation drops
# $\langle\sigma''\sigma''\rangle$, which is of order $1/\ell$ when $\sigma_2 = 0$. But it multiplies $\Theta_{00} \approx \lambda_b\ell/2$,
# so the product is of the same order as what is kept. The corrected law (errata, entry 8):
#
# $$r = -4\,\delta^2\Bigl[\frac{\lambda_W\sigma_1^2}{\lambda_b} + \frac{(-a_1)}{2}\Bigr]\frac1L + \dots$$
#
# **Predict, then run.** tanh has $\sigma_1 = 1$, $a_1 = -2$. By which factor is the printed law wrong at $\lambda_b =
# \lambda_W$? And sin, with $a_1 = -1$?

# %% role="figure" name="lost-term"
depth = 4000
layers, ones = np.arange(1, depth + 1), np.ones(depth)
fig, ax = plt.subplots()
for name, a_1, style in (("tanh", -2.0, "-"), ("sin", -1.0, "--")):
    found = depth_recursion(gaussian.activation(name), 0.0, 1.0, 1.0, 1e-3, ones, ones)
    amplitude = found["ddK_2"][-1] * depth  # the book's δ², with p⊥ = 1
    measured = 2 * found["ddTheta_2"] / found["Theta_00"]
    printed, corrected = 4 * amplitude / layers, 4 * amplitude * (1 - a_1 / 2) / layers
    ax.plot(layers, measured / printed, style, color="0.55", label=f"{name}: measured over (10.81) as printed")
    ax.plot(layers, measured / corrected, style, color="k", label=f"{name}: measured over corrected law")
    print(
        f"{name}: over the printed law {measured[-1] / printed[-1]:.3f}, over the corrected one {measured[-1] / corrected[-1]:.3f}"
    )
ax.axhline(1, color="k", lw=0.8)
ax.set(xscale="log", xlim=(10, depth), ylim=(0, 2.5), xlabel="depth of the network", ylabel="ratio of $r$ to the law")
ax.legend(fontsize=8, loc="lower right")
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![The ratio of the measured robustness to the printed law goes to 2 for tanh and to 1.5 for sin as the depth grows to 4000; the ratio to the corrected law goes to 1 for both.](lost-term.png)
#
# The printed law is off by $1 + (-a_1)\lambda_b/(2\lambda_W\sigma_1^2)$: 2 for tanh, $\tfrac32$ for sin. The corrected one
# holds within 0.1 %. What the book concludes from it survives: with constant rates $r$ falls as $1/L$, and a deep tanh network
# predicts nearly the same everywhere. That is why the equivalence principle is needed.
#
# </details>

# %% [markdown]
# ## 6 · ReLU: an angle that forgets
#
# At a kink $\langle\sigma''\sigma''\rangle$ is infinite and the expansion of section 4 fails. But scale-invariant
# activations allow an exact treatment at any angle. Write $K = K_d\begin{pmatrix}1 & \cos\psi\\ \cos\psi & 1\end{pmatrix}$ and
# $\Theta = \Theta_d\begin{pmatrix}1 & \cos\zeta\\ \cos\zeta & 1\end{pmatrix}$. At criticality $K_d$ stays, and one number of the
# activation is left, $\rho = \frac1\pi\frac{(a_+ - a_-)^2}{a_+^2 + a_-^2}$: $1/\pi$ for ReLU, 0 for linear networks. With the rates
# $\lambda_b = \tilde\lambda_b/L$, $\lambda_W = \tilde\lambda_W/L$ in every layer and $A_2 = (a_+^2 + a_-^2)/2$:
#
# $$\begin{aligned}
# \cos\psi^{(\ell+1)} &= \cos\psi^{(\ell)} + \rho\,\bigl[\sin\psi^{(\ell)} - \psi^{(\ell)}\cos\psi^{(\ell)}\bigr], \\
# \Theta_d^{(\ell)} &= \bigl(\tilde\lambda_b + \tilde\lambda_WA_2K_d\bigr)\,\ell/L, \\
# \Theta_d^{(\ell+1)}\cos\zeta^{(\ell+1)} &= \bigl(1 - \rho\,\psi^{(\ell)}\bigr)\,\Theta_d^{(\ell)}\cos\zeta^{(\ell)} + \tfrac1L\bigl[\tilde\lambda_b + \tilde\lambda_WA_2K_d\cos\psi^{(\ell+1)}\bigr].
# \end{aligned}$$
#
# Layer 1 has $\Theta^{(1)} = \lambda_b + \lambda_W\langle x, x'\rangle/d$ with $\langle x, x\rangle/d = K_d/C_W = A_2K_d$, so
# $\cos\zeta^{(1)} = (\tilde\lambda_b + \tilde\lambda_WA_2K_d\cos\psi^{(1)})/(\tilde\lambda_b + \tilde\lambda_WA_2K_d)$. The number $L$
# cancels.

# %% [markdown]
# ## Exercise 5 · `angle_recursion`
#
# Difficulty ●●● · 25 minutes · 4 points
#
# **Equation**: S1 (10.82) to (10.91) at $\chi = 1$.
#
# | | | |
# |---|---|---|
# | `rho` | number | $\rho$, between 0 and $2/\pi$ |
# | `psi0` | number | $\psi$ of layer 1 in radians, between 0 and $\pi$ |
# | `depth` | whole number | layers 1 to `depth` |
# | `lambda_b`, `lambda_W` | numbers | $\tilde\lambda_b$, $\tilde\lambda_W$, not both 0 |
# | `K_d`, `A_2` | numbers | greater than 0; only $\tilde\lambda_WA_2K_d$ enters |
# | returns | two `(depth,)` arrays `(psi, cos_zeta)` | entry 0 is layer 1; never nan |


# %% role="answer" exercise="angle_recursion"
def angle_recursion(rho, psi0, depth, lambda_b=0.0, lambda_W=1.0, K_d=1.0, A_2=1.0):
    """Angles psi of the kernel and cosines of zeta of the frozen NTK, by layer, at criticality."""
    ### BEGIN SOLUTION
    weight = lambda_W * A_2 * K_d
    whole = lambda_b + weight
    psi, cos_zeta = np.empty(depth), np.empty(depth)
    psi[0], cos_zeta[0] = psi0, (lambda_b + weight * np.cos(psi0)) / whole
    for layer in range(1, depth):
        angle = psi[layer - 1]
        cosine = np.cos(angle) + rho * (np.sin(angle) - angle * np.cos(angle))
        psi[layer] = np.arccos(np.clip(cosine, -1, 1))
        gained = lambda_b + weight * cosine
        cos_zeta[layer] = ((1 - rho * angle) * layer * whole * cos_zeta[layer - 1] + gained) / ((layer + 1) * whole)
    return psi, cos_zeta
    ### END SOLUTION


# %% role="visible" exercise="angle_recursion"
t = lab.tests("angle_recursion")
r, right_angle, after = 1 / np.pi, np.pi / 2, np.arccos(1 / np.pi)
good, gained = 0.25, 1 + 3 / np.pi  # layer 1: (1 + 0)/4; layer 2 gains 1 + 3 cos ψ
t.close(
    "ReLU, a right angle, two layers, by hand: cos ψ = 1/π, and (½ · 1 + 1 + 3/π)/8",
    lambda: angle_recursion(r, right_angle, 2, lambda_b=1.0, lambda_W=3.0, K_d=2.0, A_2=0.5),
    ([right_angle, after], [good, (0.5 + gained) / 8]),
    rtol=1e-5,
    mistakes={
        "the angle ψ is updated too early: 1 − ρψ takes the old layer's": (
            [right_angle, after],
            [good, (1 - r * after + gained) / 8],
        ),
        "the old cos ψ goes into the gain of the new layer: it takes the new one": (
            [right_angle, after],
            [good, 1.5 / 8],
        ),
        "Θ_d does not grow: it is proportional to the layer, so layer 2 has twice that of layer 1": (
            [right_angle, after],
            [good, 0.5 * good + gained / 4],
        ),
        "1 − ρψ is missing: the kink takes its share from what comes through": (
            [right_angle, after],
            [good, (1 + gained) / 8],
        ),
        "ρψ is counted twice": ([right_angle, after], [good, gained / 8]),
        "ρ is missing in the ψ recursion: 1 in its place": ([right_angle, 0.0], [good, (0.5 + 4) / 8]),
        "A_2 is missing": ([right_angle, after], [1 / 7, (0.5 + 1 + 6 / np.pi) / 14]),
        "K_d is missing": ([right_angle, after], [0.4, (0.5 + 1 + 1.5 / np.pi) / 5]),
        "λ_b is missing": ([right_angle, after], [0.0, 3 / np.pi / 6]),
        "ζ in place of cos ζ": ([right_angle, after], [np.arccos(good), np.arccos((0.5 + gained) / 8)]),
        "cos ψ in place of ψ": ([0.0, 1 / np.pi], [good, (0.5 + gained) / 8]),
        "cos ζ of layer 1 must contain the bias: it is not cos ψ": ([right_angle, after], [0.0, gained / 8]),
    },
)
t.close(
    "without a kink (ρ = 0) both stay where layer 1 has put them",
    lambda: angle_recursion(0.0, 1.1, 5, lambda_b=0.5),
    ([1.1] * 5, [(0.5 + np.cos(1.1)) / 1.5] * 5),
    rtol=1e-5,
    mistakes={},
)
t.close(
    "ReLU from ψ = 1 and from ψ = 0.3: cos ζ in layers 10, 100, 1000 (four digits)",
    lambda: np.array([np.asarray(angle_recursion(r, start, 1000)[1])[[9, 99, 999]] for start in (1.0, 0.3)]),
    [[0.3884, 0.2787, 0.2539], [0.6813, 0.3281, 0.2588]],
    atol=6e-5,  # four digits are printed
    rtol=0,
    mistakes={},
)
t.close(
    "|z| and opposite inputs, with a ρ rounded up in its last digit: cos ψ comes out a hair more than 1",
    lambda: angle_recursion(float(np.nextafter(2 / np.pi, 1)), np.pi, 3),
    ([np.pi, 0, 0], [-1, 1, 1]),
    rtol=1e-5,
    atol=1e-6,  # arccos near 1 keeps half of the digits
    mistakes={},
)
t.report()

# %% role="hidden" exercise="angle_recursion" points=4
# Hidden tests: fresh angles, activations and rates; one layer; equal and opposite inputs; biases alone.
### BEGIN HIDDEN TESTS
t = lab.tests("angle_recursion", hidden=True)
reference = lab.reference("depth.angle_recursion")
for depth in (2, 3, 40):
    arguments = (
        float(t.rng.uniform(0.1, 0.5)),
        float(t.rng.uniform(0.5, 2.0)),
        depth,
        *t.rng.uniform(0.5, 2, 4).tolist(),
    )
    t.close(f"{depth} layers", lambda: angle_recursion(*arguments), reference(*arguments), rtol=1e-5)
for case, arguments in {
    "one layer": (0.3, 1.0, 1, 0.5, 2.0, 1.5, 0.7),
    "equal inputs": (0.3, 0.0, 6),
    "opposite inputs": (1 / np.pi, np.pi, 6),
    "the largest ρ, opposite inputs": (float(np.nextafter(2 / np.pi, 1)), np.pi, 4),
    "biases alone": (0.3, 1.2, 6, 1.0, 0.0),
    "a deep linear network": (0.0, 2.2, 30, 0.4, 1.3),
}.items():
    t.close(case, lambda: angle_recursion(*arguments), reference(*arguments), rtol=1e-5, atol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="angle_recursion"
# <details><summary>Hint 1 · concept</summary>
#
# $\psi$ walks alone. $\cos\zeta$ is a running mean: in layer $\ell + 1$ it is $\ell$ parts of what came through, each
# weakened by $1 - \rho\psi$, and one part that this layer adds.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# With $B = \tilde\lambda_b$, $V = \tilde\lambda_WA_2K_d$: $\cos\zeta^{(\ell+1)} = \dfrac{(1 - \rho\psi^{(\ell)})\,\ell\,(B + V)\cos\zeta^{(\ell)} + B + V\cos\psi^{(\ell+1)}}{(\ell + 1)(B + V)}$.
# The old $\psi$ in the first term, the new one in the last. Clip the cosine to $[-1, 1]$ before `np.arccos`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Two empty arrays of length `depth`, entry 0 as given. In a loop over the layers: the old angle, the new cosine from it, clip and
# `np.arccos` for the new angle; then the running mean of hint 2, with the number of layers that came before as $\ell$.
#
# </details>

# %% [markdown]
# ### See it: three quarters are always lost
#
# **Predict, then run.** Two images at an angle of 0.3 and two at 2.5 go through the same deep ReLU network. Which
# pair is more alike, by $\cos\zeta$, in layer 10, and in layer 10,000? And in a deep *linear* network?

# %% role="figure" name="angles"
depth = 10_000
layers = np.arange(1, depth + 1)
fig, axes = plt.subplots(1, 2, figsize=(9.2, 3.6))
for start, style in ((0.3, "-"), (1.0, "--"), (2.5, ":")):
    psi, cos_zeta = angle_recursion(1 / np.pi, start, depth)
    axes[0].plot(layers, psi * layers / (3 * np.pi), "k" + style, label=rf"$\psi^{{(1)}} = {start}$")
    axes[1].plot(layers, cos_zeta, "k" + style, label=f"ReLU, {start}")
    straight = angle_recursion(0.0, start, depth)[1]
    axes[1].plot(layers, straight, style, color="0.6", label=f"linear, {start}")
    print(
        f"ψ = {start}: cos ζ in layers 10, 100, 1000, 10000:",
        np.round(cos_zeta[[9, 99, 999, 9999]], 4),
        " linear:",
        np.round(straight[-1], 4),
    )
axes[0].axhline(1, color="k", lw=0.8)
axes[1].axhline(0.25, color="k", lw=0.8)
axes[0].set(xscale="log", ylim=(0, 1.5), xlabel="layer", ylabel=r"$\psi$ over its law $3/(\rho\ell)$")
axes[1].set(xscale="log", xlabel="layer", ylabel=r"$\cos\zeta$")
axes[0].legend(fontsize=8, loc="lower right")
axes[1].legend(fontsize=7, ncol=2, loc="lower right", bbox_to_anchor=(1, 0.15))
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Two panels. Left: the kernel's angle divided by its law goes to 1 from three starting angles. Right: cos zeta of ReLU networks goes to one quarter from every starting angle, while grey lines of linear networks stay at their different starting values.](angles.png)
#
# All ReLU curves end at $\cos\zeta = \tfrac14$, whatever the inputs, the rates, and the activation as long as it has a
# kink: S1 (10.93). Where does the $\tfrac14$ come from? With $\psi \approx 3/(\rho\ell)$ each layer takes $\rho\psi = 3/\ell$ of
# what came through and adds $1/\ell$ of its own: the balance $(3 + 1)\cos\zeta = 1$. The way there is slow, a few
# thousand layers. A linear network has no kink, loses nothing, and keeps $\cos\zeta$ **exactly** in every layer (S1 (10.98),
# where the printed "+ …" is not needed: errata E5).
#
# </details>

# %% [markdown]
# ## 7 · Bias and variance of a prediction
#
# Back to the worked example: train on $x_+$, predict at $x_-$. The two numbers that you computed there by hand:
#
# $$r = \frac{\Theta_{-+}}{\Theta_{++}} - 1, \qquad
#   \mathrm{Cov}[z_-, z_-] = K_{--} - 2\,\frac{\Theta_{-+}}{\Theta_{++}}\,K_{-+} + \Bigl(\frac{\Theta_{-+}}{\Theta_{++}}\Bigr)^2K_{++}.$$

# %% [markdown]
# ## Exercise 6 · `robustness_and_variance`
#
# Difficulty ●○○ · 10 minutes · 3 points
#
# **Equation**: S1 (10.57) and the first line of (10.63). Exact, also for inputs of unequal norm.
#
# | | | |
# |---|---|---|
# | `K`, `Theta` | `(2, 2)` | kernels of the last layer; row and column 0 belong to $x_+$, 1 to $x_-$ |
# | returns | two numbers `(r, var)` | |
# | raises | `ValueError` | $\Theta_{++} = 0$: nothing was trained |


# %% role="answer" exercise="robustness_and_variance"
def robustness_and_variance(K, Theta):
    """Robustness measure and ensemble variance at x_-, after training on x_+ alone."""
    ### BEGIN SOLUTION
    if Theta[0, 0] == 0:
        raise ValueError("Theta_++ is 0: is every learning rate 0?")
    share = Theta[1, 0] / Theta[0, 0]
    return float(share - 1), float(K[1, 1] - 2 * share * K[1, 0] + share**2 * K[0, 0])
    ### END SOLUTION


# %% role="visible" exercise="robustness_and_variance"
t = lab.tests("robustness_and_variance")
K, Theta = np.array([[2.0, 0.8], [0.8, 1.0]]), np.array([[4.0, 1.0], [1.0, 5.0]])
t.close(
    "by hand: Θ₋₊/Θ₊₊ = ¼, and 1 − ½ · 0.8 + 2/16",
    lambda: robustness_and_variance(K, Theta),
    (-0.75, 0.725),
    rtol=1e-5,
    mistakes={
        "r is Θ₋₊/Θ₊₊ − 1: the −1 is missing": (0.25, 0.725),
        "the sign of r: it is negative where the prediction forgets": (0.75, 0.725),
        "K_d (1 − cos ζ)² holds only where cos ψ has gone to 1: use the exact first line of (10.63)": (-0.75, 1.125),
        "r itself in place of Θ₋₊/Θ₊₊ in the variance: add the 1 again": (-0.75, 1 + 1.5 * 0.8 + 0.5625 * 2),
        "the training input is x₊, row 0: the roles of the two inputs are exchanged": (-0.8, 2 - 0.4 * 0.8 + 0.04),
        "Θ₋₋ in place of Θ₊₊": (-0.8, 1 - 0.4 * 0.8 + 0.08),
        "multiplied by Θ₊₊: its inverse is wanted, which S1 prints with lower indices": (3.0, 1 - 8 * 0.8 + 32),
        "the 2 is missing in the middle term": (-0.75, 1 - 0.2 + 0.125),
        "the last term lacks its square": (-0.75, 1 - 0.4 + 0.5),
        "the last term has K₋₋: it is K₊₊": (-0.75, 1 - 0.4 + 0.0625),
        "that is the Bayesian posterior variance: with the NTK the last two terms do not combine": (-0.75, 0.68),
        "the variance is divided by K: it is in the units of the outputs": (-0.75, 0.725 / 2),
        "K in place of Θ: training moves along Θ": (-0.6, 0.68),
        "K and Θ are exchanged": (-0.6, 5 - 0.8 * 1 + 0.16 * 4),
        "ζ in place of cos ζ": (np.arccos(0.25) - 1, 0.725),
    },
)
t.close(
    "the worked example",
    lambda: robustness_and_variance(np.array([[5.0, 2], [2, 5]]) / 3, np.array([[7.0, 2], [2, 7]]) / 3),
    (-5 / 7, 209 / 147),
    rtol=1e-5,
    mistakes={},
)
t.raises(
    "nothing is trained: Θ = 0",
    ValueError,
    lambda: robustness_and_variance(K, 0 * Theta),
    otherwise="Θ₊₊ is 0 and the ratio has no value, but numbers came back: raise ValueError",
)
t.report()

# %% role="hidden" exercise="robustness_and_variance" points=3
# Hidden tests: fresh kernels of unequal norms; equal inputs; inputs that share nothing; a negative Θ between them.
### BEGIN HIDDEN TESTS
t = lab.tests("robustness_and_variance", hidden=True)
reference = lab.reference("depth.robustness_and_variance")
for _ in range(4):
    A, B = t.rng.standard_normal((2, 2, 3))
    K, Theta = A @ A.T + 0.3 * np.eye(2), B @ B.T + 0.3 * np.eye(2)
    r, var = reference(K, Theta)
    t.close(
        "fresh kernels",
        lambda: robustness_and_variance(K, Theta),
        (r, var),
        rtol=1e-4,
        mistakes={
            "the −1 is missing": (r + 1, var),
            "K_d (1 − cos ζ)² holds only where cos ψ has gone to 1": (r, r**2 * K[0, 0]),
        },
    )
flat = np.full((2, 2), float(t.rng.uniform(1, 3)))
t.close("equal inputs", lambda: robustness_and_variance(2 * flat, flat), (0.0, 0.0), atol=1e-9)
t.close("nothing shared", lambda: robustness_and_variance(K, np.diag([2.0, 3.0])), (-1.0, K[1, 1]), rtol=1e-5)
opposite = np.array([[2.0, -1.0], [-1.0, 1.0]])
t.close("a negative Θ₋₊", lambda: robustness_and_variance(K, opposite), reference(K, opposite), rtol=1e-4)
t.raises(
    "nothing is trained",
    ValueError,
    lambda: robustness_and_variance(K, np.zeros((2, 2))),
    otherwise="Θ₊₊ is 0, but numbers came back: raise ValueError",
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="robustness_and_variance"
# <details><summary>Hint 1 · concept</summary>
#
# One number does it all: the share $\Theta_{-+}/\Theta_{++}$ of the training output that arrives at $x_-$. The trained
# output at $x_-$ is $z_- + \text{share}\cdot(y_+ - z_+)$ with the outputs $z_\pm$ at the start: take its mean and variance.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $\Theta_{-+}/\Theta_{++}$ is the share; row 0 is $x_+$. $r$ is the share minus 1; the variance is $K_{--} - 2\,\text{share}\,K_{-+} +
# \text{share}^2K_{++}$. Two plain numbers.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# First `raise ValueError(...)` where $\Theta_{++}$ vanishes. Then the share, once; then `return` the two lines of hint 2 with `K[0, 0]`,
# `K[1, 0]`, `K[1, 1]`, as floats.
#
# </details>

# %% [markdown]
# ### See it: the two numbers by depth
#
# Your functions on a pair of inputs at $\psi = 1$ in critical ReLU networks. In the end $r = -\tfrac34$ and the variance
# $\tfrac9{16}K_d$ (S1 (10.94) and (10.95)), since $\cos\psi \to 1$ and $\cos\zeta \to \tfrac14$. In layer 10 the short
# form $K_d(1 - \cos\zeta)^2$ is still wrong: $\cos\psi$ has not got there.

# %% role="demo" name="two-numbers"
psi, cos_zeta = angle_recursion(1 / np.pi, 1.0, 10_000)
for layer in (1, 10, 100, 1000, 10_000):
    kernel, tangent = (np.array([[1, c], [c, 1]]) for c in (np.cos(psi[layer - 1]), cos_zeta[layer - 1]))
    r, var = robustness_and_variance(kernel, tangent)
    print(f"layer {layer:6}: r = {r:+.4f}   variance {var:.4f}   short form {(1 - cos_zeta[layer - 1]) ** 2:.4f}")

# %% [markdown]
# ## 8 · How deep, on digits?
#
# Odd against even digits, kernel regression with the NTK of ever deeper networks, as in lab 4. Every kernel is divided by its mean
# diagonal and gets a ridge of $10^{-6}$, so that a difference below one part in a million counts as lost.
#
# **Predict, then run.** Four networks: critical ReLU; deep linear; erf at its critical point; erf with a bias
# ($C_b = 0.3$) and $C_W$ at 0.8 of the critical value. Which of them still learns at 64 layers? At the largest depth?

# %% role="gpu" name="digits"
device = networks.default_device()
place = "cuda" if device.type == "cuda" else "cpu"  # float64, which Apple's GPU lacks
n_train, n_test = networks.pick_size(cpu=200, cuda=1000), networks.pick_size(cpu=300, cuda=700)
depths = networks.pick_size(cpu=[1, 4, 16, 64, 256], cuda=[1, 4, 16, 64, 256, 1024])
images, odd = datasets.digits(labels="odd_even")
X_train, X_test, y_train, y_test = datasets.split(8 * images, odd, n_train, rng=0)  # 8 = √64: |x|²/d is 1
X_test, y_test = X_test[:n_test], y_test[:n_test]
inputs = torch.as_tensor(np.vstack([X_train, X_test]), dtype=torch.float64, device=place)
critical_erf = np.pi / 4


def network(name, hidden):
    if name == "ReLU, critical":
        return kernels.MLP(hidden, "relu", C_b=0.0, C_W=2.0, lambda_b=0.0, lambda_W=1.0)
    if name == "linear, critical":
        return kernels.MLP(hidden, "linear", C_b=0.0, C_W=1.0, lambda_b=0.0, lambda_W=1.0)
    if name == "erf, critical":
        by_layer = tuple(1 / np.arange(1, hidden + 2))
        return kernels.MLP(hidden, "erf", C_b=0.0, C_W=critical_erf, lambda_b=by_layer, lambda_W=1.0)
    return kernels.MLP(hidden, "erf", C_b=0.3, C_W=0.8 * critical_erf, lambda_b=1.0, lambda_W=1.0)


errors = {}
for name in ("ReLU, critical", "linear, critical", "erf, critical", "erf, not critical"):
    errors[name] = []
    for hidden in depths:
        Theta = kernels.ntk(inputs, inputs[:n_train], mlp=network(name, hidden)).cpu().numpy()
        Theta = Theta / np.trace(Theta[:n_train]) * n_train
        predicted = regression.kernel_regression(Theta[:n_train], Theta[n_train:], y_train, ridge=1e-6)
        errors[name].append(np.mean(np.sign(predicted) != y_test))
    print(f"{name:18}", "  ".join(f"{h} layers: {e:.3f}" for h, e in zip(depths, errors[name], strict=True)))

# %% role="gpu" name="digits-by-depth"
fig, ax = plt.subplots()
for (name, values), style in zip(errors.items(), ["ko-", "ks:", "k^--", "kx-."], strict=True):
    ax.plot(depths, values, style, mfc="white", label=name)
ax.axhline(0.5, color="0.6", lw=0.8)
ax.set(xscale="log", xlabel="hidden layers", ylabel="test error, odd against even", ylim=(0, 0.6))
ax.legend(fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (CPU sizes; open after running)</summary>
#
# ![Test error by number of hidden layers for four networks. Critical erf stays near 0.03 at every depth, critical ReLU climbs slowly from 0.04 to 0.11, the linear network stays at 0.12, and erf off criticality jumps to one half at 64 layers.](digits-by-depth.png)
#
# Off criticality the network is as good as any at 4 layers, and at 64 it is a coin flip: all images have become one. The
# linear network does not care, and is the worst of the others at small depth. ReLU loses slowly, from 4 % to 11 %: all
# its pairs drift to $\cos\zeta = \tfrac14$, and at 256 layers what tells them apart is a small correction to it. The critical erf network with
# the rates of the equivalence principle ($p_\perp = 1$) errs on 3 % **at every depth**: this is what (10.78) promises.
#
# One split, 200 training images: differences of one or two per cent mean nothing here.
#
# </details>

# %% [markdown]
# ## 9 · Check yourself
#
# No points. Choose, and read what comes back.

# %% role="quiz" name="variance"
lab.quiz(
    "An engineer lowers C_W of a deep tanh network until the variance of its predictions between seeds is practically 0. What has been gained?",
    {
        "Reliable predictions": "All seeds agree, but on what? With δδK the part δδΘ of the NTK vanishes too.",
        "Nothing: the network predicts y₊ everywhere, with great confidence": (
            "Right: δδK falls exponentially, δδΘ follows it, r goes to 0 and the prediction no longer depends on the input. The variance is gone and the bias is left."
        ),
        "Faster training": "The rates were not asked about; and there is nothing left to learn from the inputs.",
        "A deeper network is now possible": "The other way round: off criticality the useful depth is a few multiples of 1/(1 − χ⊥).",
    },
    right="Nothing: the network predicts y₊ everywhere, with great confidence",
)

# %% role="quiz" name="swapped"
lab.quiz(
    "A test of `susceptibilities` uses ReLU and leaky ReLU only. Which mistake can it not see?",
    {
        "C_W missing": "Both values would be off by C_W.",
        "χ∥ and χ⊥ exchanged": "Right: for scale-invariant activations they are equal, at every K. That is why your tests use z² and tanh.",
        "1/K missing": "χ∥ would change with K.",
        "K taken for a standard deviation": (
            "Half right: with the 1/K kept, z σ σ′ scales as K² and χ∥ would be off by K. The exchange leaves no trace at all."
        ),
    },
    right="χ∥ and χ⊥ exchanged",
)

# %% role="quiz" name="linear"
lab.quiz(
    "A deep linear network keeps cos ζ exactly at any depth. Is it the best deep network, then?",
    {
        "Yes: depth costs it nothing": "And buys it nothing. What can it represent?",
        "No: its kernel is the linear kernel at every depth, so it fits linear functions only": (
            "Right: nothing is lost because nothing is made. Section 8 shows what that costs on digits."
        ),
        "No: its variance explodes": "At criticality K_d stays what it was.",
        "Only with a learning rate that does not depend on the layer": "The rates change the value of cos ζ, not that it is kept.",
    },
    right="No: its kernel is the linear kernel at every depth, so it fits linear functions only",
)

# %% [markdown]
# ## 10 · Two questions marked by hand
#
# ### Question A · the price of depth
#
# 3 points, about 15 minutes. In a few lines each:
#
# 1. Off criticality $\delta\delta K_{[2]}$ goes exponentially with depth. Say for $\chi_\perp < 1$ and for $\chi_\perp > 1$ what becomes of the
#    bias and of the variance of a prediction, and why neither can be mended by more training data of the same kind.
# 2. At criticality with constant rates, (10.81) drops a term. Which approximation is at fault, and why is "it vanishes as $1/\ell$"
#    no reason to drop it? By which factor was the printed law off for tanh in your run?
# 3. For ReLU $\cos\zeta \to \tfrac14$ for *every* pair of different inputs. What does the NTK matrix of $n$ training inputs become in
#    the limit, and what does kernel regression with it predict at a new input? Is "critical" then enough for any depth?

# %% [markdown] role="written" exercise="price-of-depth" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. $\chi_\perp < 1$: $\delta\delta K_{[2]}$ and with it $\delta\delta\Theta_{[2]}$ vanish; the variance $4\,\delta\delta K_{[2]}$ goes to 0, but the prediction is $y_+$
#    everywhere (r → 0): all bias. $\chi_\perp > 1$: near inputs are driven apart, $\Theta_{-+}/\Theta_{++}$ falls, the prediction forgets what was
#    learned next door and scatters from seed to seed: variance. More data does not help, since the kernel itself no longer carries the distance of inputs (all entries equal, or
#    all off-diagonal entries alike).
# 2. $\langle\sigma''\sigma''\rangle = \sigma_2^2 + O(1/\ell)$ was replaced by 0 for an odd activation. But it multiplies $\Theta_{00} \approx \lambda_b\ell/2$, which grows: the
#    product is of order 1, like the term kept. Off by 2.0 for tanh.
# 3. $\Theta \to \Theta_d(\tfrac34 I + \tfrac14 \mathbf 1\mathbf 1^\top)$: all pairs look alike. A new input has the same $\tfrac14\Theta_d$ to every training input, so the prediction is
#    one number, a multiple of the sum of the labels, the same for all inputs: nothing is learned. Criticality turns an exponential loss into a slow one; the depth still has to stay well below where the limit is reached.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: bias for χ⊥ < 1, variance or forgetting for χ⊥ > 1, and that the kernel has lost the information. Half a point for two of the three.
# - Part 2, 1 point: ⟨σ″σ″⟩ times a growing Θ, order 1; and the factor 2. Half a point for one of the two.
# - Part 3, 1 point: the matrix (or "all off-diagonal entries equal") and the constant prediction. Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 10 minutes. Look at *your* `depth_recursion` and `angle_recursion`:
#
# 1. How does your `depth_recursion` obtain $\sigma''$, and with which error? What would go wrong with a step of $10^{-12}$, and what
#    with a ReLU?
# 2. Which line of your `angle_recursion` loses digits when $\psi$ is $10^{-8}$, and what does your function return for `psi0=1e-9`? Does it matter for
#    $\cos\zeta$?

# %% [markdown] role="written" exercise="your-recursions" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. Central differences of `activation.derivative` with $h = 10^{-4}$: truncation of order $h^2 \approx 10^{-8}$, rounding of order $10^{-16}/h = 10^{-12}$. With $h = 10^{-12}$ the rounding is
#    $10^{-4}$, and it enters squared and summed over all layers. For ReLU the difference is 0 away from the kink and $1/(2h)$ on it: no node is within $h$ of 0, so it silently returns 0, where the true
#    $\langle\sigma''\sigma''\rangle$ is infinite. (Autograd: exact to rounding, and also 0 for ReLU.)
# 2. `np.arccos(cosine)`: $\cos\psi = 1 - \psi^2/2$ rounds to 1 below $\psi \approx 10^{-8}$, so from layer 2 on $\psi = 0$ and stays there. $\cos\zeta$ is then 1 to all digits, while the true one
#    falls once $\ell$ is of order $1/\psi \approx 10^9$: it matters for no depth that one can run. A half-angle form ($\sin^2(\psi/2)$) keeps the digits.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: names the line or method and its error; and one of the two failures argued (rounding over the step, or the kink that no node sees). Half a point for one of the two.
# - Part 2, 1 point: the arccos (or its equivalent) as the place, and 0 from layer 2 on or the equivalent for the student's own code. Half a point for one of the two. A verdict on cos ζ counts if argued for.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - Depth multiplies differences by $\chi_\perp$ in every layer. Off **criticality** they vanish or blow up exponentially; at it they follow
#   powers of the depth.
# - Smooth activations: $\delta\delta K_{[2]} \propto \ell^{-p_\perp}$ and, with the equivalence principle, $r \propto L^{1 - p_\perp}$: constant for tanh and sin. You
#   measured these exponents to within 1 % ($p_\perp$) and 0.05 ($1 - p_\perp$), and mended (10.81) to within 0.1 %.
# - ReLU: $\psi = 3/(\rho\ell)$, $\cos\zeta \to \tfrac14$, so $r \to -\tfrac34$ and the variance goes to $\tfrac9{16}K_d$, for **every** pair of inputs. Deep linear
#   networks keep everything and make nothing of it.
# - On digits that means: criticality buys depth, but not any depth.
#
# **Where the theory stops.** Infinite width: at width $n$ the corrections grow with the depth as $L/n$, so that a thousand layers ask for many thousand units.
# One training input and one test input. And nothing here has features that learn (the kernel is frozen).
#
# **Next, lab 8**: two training inputs instead of one. What does the network draw on the line *between* them, and beyond? A linear network can only draw
# a straight line. What bends the others?
#
# *In ntklab these functions are `depth.susceptibilities`, `depth.critical_point`, `depth.depth_recursion` (which also takes inputs of unequal norm),
# `depth.fit_exponent`, `depth.angle_recursion` and `depth.robustness_and_variance`. They are withheld in this lab, since you write them yourself, and open
# from lab 8 on. `depth.half_stable_point` finds what GELU has in place of a critical point.*
