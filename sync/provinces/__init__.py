"""Wire profiles of provinces, and the courier that brings reports to one platform.

Responsible for filling a platform's format from a report, for signing, encrypting and sending it, for sorting every
possible answer into four outcomes, and for remembering which report came to what. Not responsible for what a screen
shows of a province (`kiosk.provinces`), nor for where reports come from.
"""
