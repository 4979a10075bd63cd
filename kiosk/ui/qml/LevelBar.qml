pragma ComponentBehavior: Bound
import QtQuick

// A level of today: word, bar, number.
Item {
    id: root

    required property string word
    required property int count
    required property real share

    implicitHeight: Math.max(Theme.px(32), name.height)

    Label {
        id: name
        width: Theme.px(170)
        anchors.verticalCenter: parent.verticalCenter
        text: root.word
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.deskText
    }

    Rectangle {
        x: name.width
        width: root.width - name.width - Theme.px(72)
        height: Theme.px(12)
        radius: height / 2
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.motif

        Rectangle {
            visible: root.count > 0
            width: Math.max(height, parent.width * root.share)
            height: parent.height
            radius: height / 2
            color: Theme.accent
        }
    }

    Label {
        objectName: "count"
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        text: root.count
        font.pixelSize: Theme.deskText
        font.bold: true
    }
}
