pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Nothing to see: five taps here, the last one held, lead to the manager's pad.
Item {
    id: root

    required property VisitViewModel visit

    objectName: "managerCorner"
    width: Theme.corner
    height: Theme.corner

    TapHandler {
        id: handler
        gesturePolicy: TapHandler.ReleaseWithinBounds
        longPressThreshold: 0
        onPressedChanged: handler.pressed ? root.visit.cornerTouched() : root.visit.cornerReleased()
    }
}
