pragma ComponentBehavior: Bound
import QtQuick

// Bytes as they came, two digits each, broken between any two of them and never cut.
Column {
    id: root

    required property string name
    required property string label
    required property string bytes
    required property string none

    spacing: Theme.px(2)

    Label {
        width: parent.width
        text: root.label
        color: Theme.quiet
        font.pixelSize: Theme.deskText
    }

    Label {
        width: parent.width
        visible: root.bytes === ""
        text: root.none
        font.pixelSize: Theme.deskText
    }

    Label {
        objectName: root.name
        width: parent.width
        visible: root.bytes !== ""
        text: root.bytes
        wrapMode: Text.WordWrap
        font.family: Theme.mono
        font.pixelSize: Theme.deskText
    }
}
