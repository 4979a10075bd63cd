"""The rules of a visit, as pure functions over frozen data.

No Qt, no disk, no network, no clock, no thread: what happens arrives as an event with its time, what must be done
leaves as an effect. Not responsible for doing any of it.
"""
