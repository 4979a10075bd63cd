pragma ComponentBehavior: Bound
import QtQuick

// One stick: its name, what lies on it, and what can be done with it.
Rectangle {
    id: root

    required property var words
    required property string name
    required property string found
    required property bool usable
    required property bool busy

    signal chosen(string action)

    implicitHeight: content.height + Theme.px(32)
    radius: Theme.radius
    color: Theme.card
    border.width: Math.max(1, Theme.px(1))
    border.color: Theme.line

    Column {
        id: content
        x: Theme.px(20)
        y: Theme.px(16)
        width: root.width - 2 * x
        spacing: Theme.px(10)

        Label {
            objectName: "stick-" + root.name
            width: parent.width
            text: root.name
            elide: Text.ElideMiddle
            font.pixelSize: Theme.deskText
            font.bold: true
        }

        Label {
            objectName: "stickFound-" + root.name
            width: parent.width
            text: root.found
            color: root.usable ? Theme.quiet : Theme.alarm
            wrapMode: Text.Wrap
            lineHeight: Theme.leading
            font.pixelSize: Theme.deskText
        }

        Flow {
            width: parent.width
            spacing: Theme.px(12)
            visible: root.usable

            Repeater {
                model: ["write", "take", "carry"]

                PlainButton {
                    required property string modelData
                    objectName: modelData + "-" + root.name
                    active: !root.busy
                    textSize: Theme.deskText
                    label: root.words["stick_" + modelData]
                    onTapped: root.chosen(modelData)
                }
            }
        }
    }
}
