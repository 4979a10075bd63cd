"""What stands on the receipt, and the code that leads to rating later. Nothing of a visit is left once it has ended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from PySide6.QtCore import QObject, Signal
from PySide6.QtQml import QmlElement

from kiosk.core.visit import Thanking
from kiosk.qr_code import QrModules, qr_modules, receipt_text
from kiosk.ui.qml_types import Property, QmlUncreatable
from kiosk.ui.screens import ScreenPlace, grouped
from kiosk.ui.visit_host import VisitHost
from sync.records import At

QML_IMPORT_NAME = "Kiosk.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("made by kiosk.ui.visit_view_model")
class ReceiptViewModel(QObject):
    """Lives on the GUI thread. `fold` is called before the screen is told that anything changed."""

    changed = Signal()
    languageChanged = Signal()  # noqa: N815 - a name of QML

    def __init__(self, host: VisitHost, now: Callable[[], At], place: ScreenPlace) -> None:
        super().__init__()
        self._host = host
        self._now = now
        self._place = place
        self._language = ""
        self._code = ""
        self._day = ""
        self._modules: QrModules | None = None
        later = place.province.profile.rate_later_page
        self._later = qr_modules(later) if later else None

    def fold(self, language: str) -> None:
        stage = self._host.window.stage
        code = stage.receipt.replace("-", "") if isinstance(stage, Thanking) else ""
        if code != self._code:
            self._code = code
            self._day = self._today() if code else ""
            page = self._place.province.profile.follow_up_page
            self._modules = qr_modules(receipt_text(code, page)) if code else None
            self.changed.emit()
        if language != self._language:
            self._language = language
            self.languageChanged.emit()

    def _today(self) -> str:
        hall_time = timezone(timedelta(minutes=self._place.utc_offset_minutes))
        return datetime.fromtimestamp(self._now().wall_ms // 1000, UTC).astimezone(hall_time).date().isoformat()

    @Property(str, notify=changed, final=True)
    def code(self) -> str:
        """Four by four; empty while there is none."""
        return grouped(self._code)

    @Property(str, notify=changed, final=True)
    def day(self) -> str:
        """yyyy-MM-dd in the hall's time."""
        return self._day

    @Property("QVariantMap", notify=changed, final=True)
    def modules(self) -> dict[str, object]:
        return _drawn(self._modules)

    @Property("QVariantMap", notify=languageChanged, final=True)
    def laterModules(self) -> dict[str, object]:  # noqa: N802
        """Leads to the platform's page for rating later; without runs where the profile has none."""
        return _drawn(self._later)

    @Property(str, notify=languageChanged, final=True)
    def followUpPage(self) -> str:  # noqa: N802
        return self._place.province.profile.follow_up_page

    @Property(str, notify=languageChanged, final=True)
    def promises(self) -> str:
        """What happens to a rating, a line each; the same lines after every level."""
        return "\n".join(self._place.province.promises(self._language)) if self._language else ""

    @Property(float, notify=languageChanged, final=True)
    def dpi(self) -> float:
        """Of the panel, in its own pixels."""
        return float(self._place.dpi)


def _drawn(modules: QrModules | None) -> dict[str, object]:
    """`side` in modules, the quiet zone included; `runs` of dark modules, flat: column, row, length, column …"""
    if modules is None:
        return {"side": 0, "runs": []}
    return {"side": modules.side, "runs": [number for run in modules.runs for number in run]}
