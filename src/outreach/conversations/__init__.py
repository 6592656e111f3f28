"""Conversations: `opening` the first words · `inbound` what arrives · `turn` one thing answered · `effects` what it
changes · `facts` what lines may name · `transcript` what is shown.
"""
