pragma ComponentBehavior: Bound
import QtQuick

// Anything that a finger or a mouse can press, or a key once it was reached with Tab. Counts when the finger is lifted
// inside it, so that a finger put down by mistake can slide away; fingers on other targets do not disturb it.
Item {
    id: root

    property bool active: true
    // Answers nothing for a moment, and looks no different: a second tap meant for the screen before presses nothing.
    property bool deaf: false
    property string label
    property bool checkable: false
    property bool checked: false
    readonly property bool held: handler.pressed

    signal began
    signal tapped

    function press(): void {
        if (root.active && !root.deaf) {
            root.began();
            root.tapped();
        }
    }

    activeFocusOnTab: root.active
    Accessible.role: root.checkable ? Accessible.CheckBox : Accessible.Button
    Accessible.name: root.label
    Accessible.checkable: root.checkable
    Accessible.checked: root.checked
    Accessible.focusable: root.active
    Accessible.onPressAction: root.press()
    Accessible.onToggleAction: root.press()

    // The arrows lead on and back, as Tab does.
    function lead(key: int): bool {
        const on = key === Qt.Key_Down || key === (Theme.mirrored ? Qt.Key_Left : Qt.Key_Right);
        const back = key === Qt.Key_Up || key === (Theme.mirrored ? Qt.Key_Right : Qt.Key_Left);
        if (on || back)
            root.nextItemInFocusChain(on).forceActiveFocus(on ? Qt.TabFocusReason : Qt.BacktabFocusReason);
        return on || back;
    }

    Keys.onPressed: event => {
        if (root.lead(event.key)) {
            event.accepted = true;
            return;
        }
        const meant = event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Space;
        if (meant && !event.isAutoRepeat)
            root.press();
        event.accepted = meant;
    }

    TapHandler {
        id: handler
        enabled: root.active && !root.deaf
        gesturePolicy: TapHandler.ReleaseWithinBounds
        // A slow finger counts like a quick one: by default a tap that lasts is taken for something else.
        longPressThreshold: 0
        onPressedChanged: if (handler.pressed) root.began()
        onTapped: root.tapped()
    }

    Rectangle {
        z: 1
        anchors.fill: parent
        anchors.margins: -Theme.px(4)
        visible: root.activeFocus
        radius: Theme.radius + Theme.px(4)
        color: "transparent"
        border.width: Theme.px(3)
        border.color: Theme.ink
    }
}
