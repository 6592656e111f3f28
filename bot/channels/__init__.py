"""How the core reaches Rasa: one internal channel."""
