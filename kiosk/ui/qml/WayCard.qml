pragma ComponentBehavior: Bound
import QtQuick

// A large way to what is to be rated: a sign and its name.
Pressable {
    id: root

    required property string way

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: root.held ? Theme.accentSoft : Theme.card
        border.width: Theme.edge(root.held)
        border.color: root.held ? Theme.accent : Theme.line
    }

    Sign {
        id: sign
        side: Theme.px(Theme.portrait ? 72 : 88)
        x: Theme.from(Theme.portrait ? Theme.px(28) : Math.round((root.width - width) / 2), width, root.width)
        y: Math.round(Theme.portrait ? (root.height - height) / 2 : root.height * 0.40 - height / 2)
        name: "find-" + root.way
    }

    Label {
        readonly property int start: Theme.portrait ? Theme.px(56) + sign.width : Theme.px(12)
        x: Theme.from(start, width, root.width)
        y: Theme.portrait ? Math.round((root.height - height) / 2) : Math.round(root.height * 0.74 - height / 2)
        width: root.width - start - Theme.px(12)
        text: root.label
        spoken: false
        horizontalAlignment: Theme.portrait ? Text.AlignLeft : Text.AlignHCenter
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.smallest
        font.pixelSize: Theme.px(Theme.elder ? 40 : 32)
        font.bold: true
    }
}
