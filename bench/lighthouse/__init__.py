"""Lighthouse, which Google's Chrome developers keep: `make bench-lighthouse`. Its npm packages are locked beside this file."""
