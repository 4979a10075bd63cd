"""The hub: the receiving end of the courier, for a hall or a province.

Responsible for checking every batch before anything of it is kept, for keeping each record once, for its own counts,
and for saying where it stands. Not responsible for reporting to a platform, nor for opening what was sealed: the
private key lies beside its settings and no code in here reads it.
"""
