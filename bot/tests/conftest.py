"""Rasa is imported here as it is when it serves."""

from bot.environment import prepare

prepare()
