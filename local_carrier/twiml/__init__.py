"""TwiML: read strictly, and performed on a line."""
