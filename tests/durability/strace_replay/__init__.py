"""The whole program under strace: every file below its folder, the keys too, as they could be after a power cut.

What `tests.durability.power_cut` proves of the journal's own code is proved here of the unmodified process, with what
it says to the outside as the promise: the thank-you frame. Knows system calls, nothing of SQLite.
"""
