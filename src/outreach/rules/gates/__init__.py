"""The gates of the bank's gate list, one function each; permission.py puts them in order."""
