"""Conversational outreach for retail banks."""
