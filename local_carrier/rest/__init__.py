"""Twilio's REST API, as far as the product uses it: messages, the account's numbers, the account."""
