"""Reports: what a province is told about one case of one ended visit, in canonical fields.

Pure. Responsible for folding a visit's records to what it came to, and for naming each report once. Not responsible for
any province's format, nor for sending: that is `sync.provinces`.
"""
