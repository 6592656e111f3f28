"""The bank's people: accounts, how they sign in, what each role may do, and what they did."""
