pragma ComponentBehavior: Bound
import QtQuick

// A calm figure in the lower right corner of screens that ask for nothing.
Item {
    id: root

    property color tone: Theme.motif

    // Nothing but what is to be read or pressed.
    visible: Theme.scheme !== "contrast"
    clip: true

    Repeater {
        model: 4

        Rectangle {
            id: ring
            required property int index
            readonly property real side: Theme.px(680 - 170 * ring.index)
            x: root.width - Theme.px(Theme.portrait ? 60 : 190) - ring.side / 2
            y: root.height - Theme.px(Theme.portrait ? 260 : 120) - ring.side / 2
            width: ring.side
            height: ring.side
            radius: ring.side / 2
            color: "transparent"
            border.width: Theme.px(36)
            border.color: root.tone
        }
    }
}
