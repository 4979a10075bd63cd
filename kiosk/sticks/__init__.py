"""Sticks at a kiosk: parcels written and carried on, acknowledgements taken. Nothing happens by plugging one in."""
