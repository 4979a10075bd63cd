"""What each `kiosk` subcommand does: reads settings, calls a room, prints, gives an exit code. Decides nothing."""

OK = 0
DOES_NOT_HOLD = 1
WRONG_INPUT = 2
HELD = 3
BUG = 70
