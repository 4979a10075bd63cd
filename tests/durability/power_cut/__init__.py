"""What a power cut can leave on the disk, and whether the journal stands on it.

Records what the journal's real code writes, truncates, deletes and syncs, rebuilds the disk as it could be after a cut
at each of these operations, and opens every such image with the real code again. Does not cut any power, knows nothing
of drives that acknowledge a flush without doing it, and does not see the plain files beside the database (the keys):
`tests.durability.strace_replay` does.
"""
