pragma ComponentBehavior: Bound
import QtQuick

// Anything that a finger or a mouse can press. Counts when the finger is lifted inside it, so that a finger put down
// by mistake can slide away; fingers on other targets do not disturb it.
Item {
    id: root

    property bool active: true
    property string label
    readonly property bool held: handler.pressed

    signal began
    signal tapped

    Accessible.role: Accessible.Button
    Accessible.name: root.label
    Accessible.onPressAction: {
        if (root.active) {
            root.began();
            root.tapped();
        }
    }

    TapHandler {
        id: handler
        enabled: root.active
        gesturePolicy: TapHandler.ReleaseWithinBounds
        // A slow finger counts like a quick one: by default a tap that lasts is taken for something else.
        longPressThreshold: 0
        onPressedChanged: if (handler.pressed) root.began()
        onTapped: root.tapped()
    }
}
