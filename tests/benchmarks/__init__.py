"""Speed and memory against what they are measured by, side by side in one run: ``python -m tests.benchmarks``."""
