"""A rating's road from press to province: records, journal, courier, hub.

Responsible for putting a press on the disk before anybody is thanked for it, for proving afterwards that it is still
there and unchanged, and for bringing it to the hub once. Not responsible for screens, devices or the visit: this room
knows no Qt and no serial port, and `sync.records` is the only part of it that the pure core of the kiosk may use.
"""
