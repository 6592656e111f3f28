"""Talks with simulated customers: who they are, what they say, and what every talk is held to."""
