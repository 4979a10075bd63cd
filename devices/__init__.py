"""Five-button evaluators: bytes in, facts out.

This room opens serial ports, finds frames in what arrives, judges them by an evaluator profile (a TOML file) and
tells a listener what is certain: which key of which box was pressed, which frame was bad, which box came or went.

It does NOT know visits, screens, the journal, the network or who is on duty; it never decides whether a press
counts, and it never makes a level out of anything but a key byte that the profile maps.
"""
