pragma ComponentBehavior: Bound
import QtQuick

// Something that is on or off: a heavier edge, a ground and a tick say so.
Pressable {
    id: root

    checkable: true

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(12)
        color: root.held || root.checked ? Theme.accentSoft : Theme.card
        border.width: Theme.edge(root.held || root.checked)
        border.color: root.held || root.checked ? Theme.accent : Theme.line
    }

    Label {
        anchors.centerIn: parent
        width: parent.width - Theme.px(24)
        text: (root.checked ? "✓ " : "") + root.label
        spoken: false
        horizontalAlignment: Text.AlignHCenter
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.smallest
        font.pixelSize: Theme.body
        font.bold: root.checked
    }
}
