"""The evaluators of this kiosk: which box belongs to which window, which maps are adopted, and how each one is doing.

Turns what the boxes, caller keypads and scanners say into events of the right window, and what a visit wants said into
commands to its boxes. Lives on the GUI thread; the readers' threads only stamp the time and post.
"""
