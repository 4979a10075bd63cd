"""What the gallery shows of the manager's reconciliation: a day that balances, and one that does not."""

from typing import Final

from kiosk.core.balance import Balance, DefaultDeadline, LevelBalance, Reported

NOON_MS: Final = 1_795_147_200_000
"""2026-11-20 12:00 in UTC+8."""

BALANCED: Final = Balance(
    (
        LevelBalance(5, 21, 21, 21, 21, Reported(accepted=17)),
        LevelBalance(4, 4, 4, 4, 4, Reported(accepted=4)),
        LevelBalance(3, 1, 1, 1, 1, Reported(accepted=1)),
        LevelBalance(2, 0, 0, 0, 0, Reported()),
        LevelBalance(1, 1, 1, 1, 1, Reported(accepted=1)),
    ),
    {5: 212, 4: 61, 3: 8, 2: 2, 1: 3, 0: 74},
    NOON_MS - 60_000,
    "通用 REST",
)
UNBALANCED: Final = Balance(
    (
        LevelBalance(5, 181, 180, 171, 170, Reported(accepted=120, waiting=31)),
        LevelBalance(4, 42, 42, 40, 40, Reported(accepted=30, another_stands=1, waiting=4)),
        LevelBalance(3, 12, 12, 12, 12, Reported(accepted=9)),
        LevelBalance(2, 5, 5, 5, 5, Reported(accepted=3, set_aside=1)),
        LevelBalance(1, 3, 3, 3, 3, Reported(accepted=2)),
    ),
    {5: 1212, 4: 361, 3: 58, 2: 22, 1: 13, 0: 274},
    NOON_MS - 5_460_000,
    "通用 REST",
    "平台答复 HTTP 503",
    DefaultDeadline("2026-11-11", "2026-11-23", 1, "working", near=True, guessed=False),
    differs=True,
)
