"""The journal: an append-only log in SQLite that can be checked by anybody who holds the file.

Responsible for durability, sequence, chain, counts and cursors. Not responsible for what a visit is, nor for sending.
One connection writes (`writer`), in one thread (`sync.recorder`); everybody else reads (`reader`, `verify`).
"""
