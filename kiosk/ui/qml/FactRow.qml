pragma ComponentBehavior: Bound
import QtQuick

// What state something is in, in words. An alarm carries a sign of its own beside its colour.
Item {
    id: root

    required property string name
    required property string label
    required property string value
    required property bool alarm

    implicitHeight: texts.height + Theme.px(18)

    Sign {
        id: sign
        visible: root.alarm
        anchors.right: parent.right
        y: Theme.px(4)
        side: Theme.px(26)
        name: "alarm"
    }

    Column {
        id: texts
        width: parent.width - (root.alarm ? sign.width + Theme.px(12) : 0)

        Label {
            width: parent.width
            text: root.label
            color: Theme.quiet
            font.pixelSize: Theme.deskText
        }

        Label {
            objectName: "state-" + root.name
            width: parent.width
            text: root.value
            color: root.alarm ? Theme.alarm : Theme.ink
            wrapMode: Text.Wrap
            font.pixelSize: Theme.deskText
            font.bold: root.alarm
        }
    }

    Rectangle {
        y: texts.height + Theme.px(8)
        width: parent.width
        height: Math.max(1, Theme.px(1))
        color: Theme.line
    }
}
