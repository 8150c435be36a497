"""Lyceum, an online learning management system."""

import gc

# Starting makes three hundred thousand objects that stay. By Python's own threshold of 700 a sixth of a start is spent on looking through them.
gc.set_threshold(5_000)
