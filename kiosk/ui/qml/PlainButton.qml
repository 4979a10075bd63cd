pragma ComponentBehavior: Bound
import QtQuick

// A button with words on it.
Pressable {
    id: root

    property int textSize: Theme.caption
    property bool strong: false
    // What stands on it, where that is shorter than what it is called.
    property string shows: root.label

    implicitWidth: Math.max(Theme.target * 1.6, Math.ceil(plain.advanceWidth) + Theme.px(40))
    implicitHeight: Math.max(Theme.target, Math.ceil(plain.height) + Theme.px(16))
    opacity: root.active ? 1 : 0.45

    TextMetrics {
        id: plain
        text: root.shows
        font.family: Theme.family
        font.pixelSize: root.textSize
    }

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: root.held ? Theme.accentSoft : root.strong ? Theme.accent : Theme.card
        border.width: Theme.edge(root.held)
        border.color: root.held || root.strong ? Theme.accent : Theme.line
    }

    Label {
        id: words
        anchors.centerIn: parent
        width: root.width - Theme.px(16)
        text: root.shows
        height: root.height - Theme.px(4)
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.smallest
        wrapMode: Text.WordWrap
        lineHeight: Theme.leading
        spoken: false
        color: root.strong && !root.held ? Theme.bright : Theme.ink
        font.pixelSize: root.textSize
    }
}
