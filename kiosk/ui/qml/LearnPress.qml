pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The key to press now, how often it was heard, and the bytes that came.
Item {
    id: root

    required property DeskViewModel desk
    required property LearnViewModel learning

    Image {
        id: face
        visible: root.learning.level > 0
        width: Theme.px(150)
        height: width
        sourceSize: Qt.size(width, height)
        source: root.learning.level > 0 ? Qt.resolvedUrl("../../../assets/faces/face" + root.learning.level + ".svg") : ""
    }

    Column {
        x: face.width + Theme.px(32)
        width: root.width - x
        anchors.verticalCenter: face.verticalCenter
        spacing: Theme.px(14)
        visible: root.learning.wanted > 0

        Row {
            spacing: Theme.px(12)

            Repeater {
                model: root.learning.wanted

                Rectangle {
                    required property int index
                    width: Theme.px(28)
                    height: width
                    radius: width / 2
                    color: index < root.learning.heard ? Theme.accent : "transparent"
                    border.width: Theme.px(2)
                    border.color: index < root.learning.heard ? Theme.accent : Theme.quiet
                }
            }
        }

        Label {
            objectName: "learnHeard"
            text: root.desk.words.learn_heard.replace("{heard}", root.learning.heard).replace("{wanted}", root.learning.wanted)
            color: Theme.quiet
            font.pixelSize: Theme.deskText
        }
    }

    Label {
        objectName: "learnRaw"
        y: face.height + Theme.px(24)
        width: root.width
        visible: text !== ""
        text: root.learning.raw
        wrapMode: Text.WordWrap
        font.family: Theme.mono
        font.pixelSize: Theme.deskText
    }
}
