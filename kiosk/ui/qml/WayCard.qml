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
        border.width: Math.max(1, Theme.px(root.held ? 2 : 1))
        border.color: root.held ? Theme.accent : Theme.line
    }

    Image {
        id: sign
        readonly property int side: Theme.px(Theme.portrait ? 72 : 88)
        width: sign.side
        height: sign.side
        x: Theme.portrait ? Theme.px(28) : Math.round((root.width - width) / 2)
        y: Math.round(Theme.portrait ? (root.height - height) / 2 : root.height * 0.40 - height / 2)
        sourceSize: Qt.size(width, height)
        source: Qt.resolvedUrl("../../../assets/icons/find-" + root.way + ".svg")
    }

    Label {
        x: Theme.portrait ? sign.x + sign.width + Theme.px(28) : Theme.px(12)
        y: Theme.portrait ? Math.round((root.height - height) / 2) : Math.round(root.height * 0.74 - height / 2)
        width: root.width - x - Theme.px(12)
        text: root.label
        spoken: false
        horizontalAlignment: Theme.portrait ? Text.AlignLeft : Text.AlignHCenter
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.body
        font.pixelSize: Theme.px(Theme.elder ? 40 : 32)
        font.bold: true
    }
}
