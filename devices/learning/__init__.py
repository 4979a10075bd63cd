"""Learning an unknown box from the presses of its keys: from bytes to a profile that works, or a plain *cannot tell*.

Knows no words and no screen: what is believed and what is wrong are codes with their values (`findings.py`). Only
`listening.py` opens ports; all else is pure.
"""
