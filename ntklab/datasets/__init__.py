"""Data the labs train on: digits, Boolean functions, circle, sphere, corrupted labels, teachers. Nothing is downloaded.

Every draw takes ``rng``, a NumPy ``Generator`` or an integer seed: the same seed gives the same data on every machine.
"""

from ntklab.datasets.boolean import cube, cube_sample, parity, walsh
from ntklab.datasets.images import digits, noise_images, shuffle_pixels
from ntklab.datasets.labels import corrupt_labels, one_hot, split, teacher_targets
from ntklab.datasets.points import circle, circle_modes, sphere

__all__ = [
    "circle",
    "circle_modes",
    "corrupt_labels",
    "cube",
    "cube_sample",
    "digits",
    "noise_images",
    "one_hot",
    "parity",
    "shuffle_pixels",
    "sphere",
    "split",
    "teacher_targets",
    "walsh",
]
