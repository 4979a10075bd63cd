pragma ComponentBehavior: Bound
import QtQuick

// A number of today with its name.
Rectangle {
    id: root

    required property string name
    required property string label
    required property string value
    required property bool alarm

    implicitHeight: Math.max(Theme.px(72), texts.height + Theme.px(16))
    radius: Theme.px(10)
    color: Theme.card
    border.width: Theme.edge(false)
    border.color: root.alarm ? Theme.alarm : Theme.line

    Column {
        id: texts
        x: Theme.px(14)
        width: parent.width - 2 * x
        anchors.verticalCenter: parent.verticalCenter

        Label {
            width: parent.width
            text: root.label
            wrapMode: Text.Wrap
            lineHeight: Theme.leading
            color: root.alarm ? Theme.alarm : Theme.quiet
            font.pixelSize: Theme.deskText
        }

        Label {
            objectName: "count-" + root.name
            text: root.value
            color: root.alarm ? Theme.alarm : Theme.ink
            font.pixelSize: Theme.px(24)
            font.bold: true
        }
    }
}
