"""The Rasa action server's actions: thin; what they compute is outreach.scripts and outreach.times."""
