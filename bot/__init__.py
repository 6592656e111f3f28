"""Rasa's world: it hears what customers mean and decides which family of action answers."""
