"""One turn through Rasa: `agent` holds `processor`, which asks `runner` what is meant and `action` what is answered."""
