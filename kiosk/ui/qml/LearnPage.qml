pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Teaches the kiosk a box that it does not know, one step at a time.
Item {
    id: root

    required property DeskViewModel desk
    required property LearnViewModel learning
    required property int taken

    readonly property bool beginning: root.learning.step === "begin"

    DeskTitle {
        title: root.desk.words.learn
        taken: root.taken
    }

    Column {
        id: texts
        x: Theme.margin
        y: Theme.px(92)
        width: root.width - 2 * Theme.margin
        spacing: Theme.px(6)

        Label {
            objectName: "learnHeadline"
            width: parent.width
            visible: text !== ""
            text: root.learning.headline
            wrapMode: Text.Wrap
            lineHeight: Theme.leading
            font.pixelSize: Theme.px(32)
            font.bold: true
        }

        Label {
            objectName: "learnNote"
            width: parent.width
            visible: text !== ""
            text: root.learning.note || (root.beginning ? root.desk.words.learn_begin_note : "")
            color: root.learning.refused ? Theme.alarm : Theme.quiet
            wrapMode: Text.Wrap
            lineHeight: Theme.leading
            font.pixelSize: Theme.deskText
            font.bold: root.learning.refused
        }
    }

    Item {
        id: room
        x: Theme.margin
        y: texts.y + texts.height + Theme.px(root.beginning ? 4 : 16)
        width: root.width - 2 * Theme.margin
        height: tools.y - y - Theme.px(12)

        LearnBegin {
            anchors.fill: parent
            visible: root.beginning
            desk: root.desk
            learning: root.learning
        }

        LearnPress {
            anchors.fill: parent
            visible: root.learning.step === "press"
            desk: root.desk
            learning: root.learning
        }

        LearnFindings {
            anchors.fill: parent
            visible: root.learning.step === "review" || root.learning.step === "failed"
            desk: root.desk
            learning: root.learning
        }

        Flickable {
            anchors.fill: parent
            visible: root.learning.step === "find"
            contentHeight: ports.height
            boundsBehavior: Flickable.StopAtBounds
            clip: true

            Column {
                id: ports
                spacing: Theme.px(10)

                Repeater {
                    model: root.learning.portNames

                    PlainButton {
                        id: port
                        required property string modelData
                        required property int index
                        objectName: "port" + port.index
                        width: Math.min(room.width, implicitWidth)
                        textSize: Theme.deskText
                        label: port.modelData
                        onTapped: root.learning.choose(port.index)
                    }
                }
            }
        }
    }

    Flow {
        id: tools
        x: Theme.margin
        y: root.height - height - Theme.px(24)
        width: root.width - 2 * Theme.margin
        layoutDirection: Qt.RightToLeft
        spacing: Theme.px(12)

        PlainButton {
            objectName: "learnStart"
            visible: root.beginning
            strong: true
            textSize: Theme.deskText
            label: root.desk.words.learn_start
            onTapped: root.learning.begin()
        }

        PlainButton {
            objectName: "learnTest"
            visible: root.learning.step === "done"
            strong: true
            textSize: Theme.deskText
            label: root.desk.words.key_test
            onTapped: root.desk.testKeys()
        }

        Repeater {
            model: root.learning.actions

            PlainButton {
                required property var modelData
                required property int index
                objectName: "wish-" + modelData.wish
                strong: index === 0 && root.learning.step !== "press" && root.learning.step !== "wait"
                textSize: Theme.deskText
                label: modelData.label
                onTapped: root.learning.wish(modelData.wish)
            }
        }
    }
}
