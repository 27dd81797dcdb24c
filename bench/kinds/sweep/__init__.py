"""Sweeps: thousands of word schemes simulated, a sample of them confirmed by the live engine."""
