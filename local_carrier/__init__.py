"""A Twilio on this machine: its REST API and webhooks for text messages, simulated handsets, and a page to be the customer."""
