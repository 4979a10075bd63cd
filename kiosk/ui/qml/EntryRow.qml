pragma ComponentBehavior: Bound
import QtQuick

// A line of a list that is chosen by a tap: its text, and in small what it belongs to.
Pressable {
    id: root

    property string beside

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(12)
        color: root.held ? Theme.accentSoft : Theme.card
        border.width: Math.max(1, Theme.px(root.held ? 2 : 1))
        border.color: root.held ? Theme.accent : Theme.line
    }

    Label {
        id: text
        x: Theme.px(18)
        y: Theme.px(2)
        width: root.width - 2 * x
        height: root.height - 2 * y - (small.visible ? small.height : 0)
        verticalAlignment: Text.AlignVCenter
        text: root.label
        spoken: false
        wrapMode: Text.Wrap
        elide: Text.ElideRight
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(18)
        lineHeight: Theme.leading
        font.pixelSize: Theme.px(Theme.elder ? 28 : 22)
    }

    Label {
        id: small
        x: text.x
        y: root.height - height - Theme.px(4)
        width: text.width
        visible: root.beside !== ""
        text: root.beside
        spoken: false
        color: Theme.quiet
        elide: Text.ElideRight
        font.pixelSize: Theme.px(18)
    }
}
