pragma ComponentBehavior: Bound
import QtQuick

// A button with words on it.
Pressable {
    id: root

    property int textSize: Theme.caption
    property bool strong: false

    implicitWidth: Math.max(Theme.target * 1.6, words.implicitWidth + Theme.px(40))
    implicitHeight: Math.max(Theme.target, words.implicitHeight + Theme.px(16))
    opacity: root.active ? 1 : 0.45

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
        text: root.label
        spoken: false
        color: root.strong && !root.held ? Theme.bright : Theme.ink
        font.pixelSize: root.textSize
    }
}
