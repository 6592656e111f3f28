"""How the core asks the bot: `port` what is asked and answered · `rasa` over HTTP · `rehearsal` in memory."""
