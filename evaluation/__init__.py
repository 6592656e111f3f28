"""How well the product reads and talks, beside stock Rasa: `make eval`, or `python -m evaluation [PART ...]`."""
