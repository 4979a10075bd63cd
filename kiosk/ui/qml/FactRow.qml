pragma ComponentBehavior: Bound
import QtQuick

// What state something is in, in words. An alarm carries a sign of its own beside its colour.
Item {
    id: root

    required property string name
    required property string label
    required property string value
    required property bool alarm
    // What a button on the right says, where there is one.
    property string action

    signal acted

    // How much of the right edge is taken.
    readonly property int taken: (sign.visible ? sign.width + Theme.px(12) : 0) + (button.visible ? button.width + Theme.px(12) : 0)

    implicitHeight: Math.max(texts.height, button.visible ? button.height : 0) + Theme.px(18)

    Image {
        id: sign
        visible: root.alarm
        anchors.right: button.visible ? button.left : parent.right
        anchors.rightMargin: button.visible ? Theme.px(12) : 0
        y: Theme.px(4)
        width: Theme.px(26)
        height: width
        sourceSize: Qt.size(width, height)
        source: Qt.resolvedUrl("../../../assets/icons/alarm.svg")
    }

    PlainButton {
        id: button
        objectName: "act-" + root.name
        visible: root.action !== ""
        anchors.right: parent.right
        textSize: Theme.deskText
        label: root.action
        onTapped: root.acted()
    }

    Column {
        id: texts
        width: parent.width - root.taken

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
        y: root.implicitHeight - Theme.px(10)
        width: parent.width
        height: Math.max(1, Theme.px(1))
        color: Theme.line
    }
}
