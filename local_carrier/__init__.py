"""A Twilio on this machine: its REST API and webhooks for texts and calls, simulated handsets, and a page to be the customer."""
