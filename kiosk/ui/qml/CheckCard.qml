pragma ComponentBehavior: Bound
import QtQuick

// A reason that can be ticked: a box with a tick beside it, and a heavier edge.
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

    Rectangle {
        id: box
        x: Theme.from(Theme.px(16), width, root.width)
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(28)
        height: width
        radius: Theme.px(6)
        color: root.checked ? Theme.accent : Theme.card
        border.width: Theme.edge(true)
        border.color: root.checked ? Theme.accent : Theme.quiet

        Sign {
            side: box.width
            visible: root.checked
            name: "tick"
        }
    }

    Label {
        readonly property int start: Theme.px(16) + box.width + Theme.px(14)
        x: Theme.from(start, width, root.width)
        width: root.width - start - Theme.px(14)
        anchors.verticalCenter: parent.verticalCenter
        text: root.label
        spoken: false
        height: root.height - Theme.px(4)
        verticalAlignment: Text.AlignVCenter
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.smallest
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.option
    }
}
