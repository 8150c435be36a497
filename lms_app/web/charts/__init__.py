"""Figures for Plotly, and the panel that shows one beside a table of the same numbers."""
