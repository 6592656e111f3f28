"""Scripts: what the bank says, and where each answer leads. Pure; reads files, touches no database.

`script` what a script is · `catalog` reads it from a folder or a snapshot · `flow` takes it one reply further ·
`rendering` words a line · `checks` refuses what must not be published.
"""
