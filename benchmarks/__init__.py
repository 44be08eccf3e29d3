"""Benchmarks; whatever is run of them, numpy keeps to one core, since that is what rows count."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before any of them imports numpy
