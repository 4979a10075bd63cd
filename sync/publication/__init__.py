"""What comes down to a kiosk: one signed file a publication. Made by a publisher, carried by a hub, believed by nobody
but whoever has pinned the publisher's key.

Knows no screen and no setting: what a file of a publication may say is the matter of `kiosk.published`.
`docs/publications.md` says the same for other programs.
"""
