pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// One box at a time: how it does, what must be seen to, and what was last heard on its line.
Item {
    id: root

    required property DeskViewModel desk
    required property EvaluatorsViewModel evaluators
    required property int taken

    readonly property int column: Theme.portrait ? root.width - 2 * Theme.margin
        : Math.round((root.width - 3 * Theme.margin) / 2)

    DeskTitle {
        title: root.evaluators.count ? root.evaluators.title : root.desk.words.evaluators_none
        taken: root.taken
    }

    Flickable {
        y: Theme.px(96)
        width: root.width
        height: tools.y - y - Theme.px(8)
        contentHeight: content.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        Grid {
            id: content
            x: Theme.margin
            columns: Theme.portrait ? 1 : 2
            columnSpacing: Theme.margin
            rowSpacing: Theme.px(16)

            Column {
                width: root.column

                Repeater {
                    model: root.evaluators.facts

                    FactRow {
                        required property var modelData
                        width: root.column
                        name: modelData.name
                        label: modelData.label
                        value: modelData.value
                        alarm: modelData.alarm
                    }
                }
            }

            Column {
                width: root.column
                spacing: Theme.px(10)
                visible: root.evaluators.count > 0

                Column {
                    width: parent.width

                    Repeater {
                        model: root.evaluators.wire

                        FactRow {
                            required property var modelData
                            width: root.column
                            name: modelData.name
                            label: modelData.label
                            value: modelData.value
                            alarm: modelData.alarm
                        }
                    }
                }

                EvaluatorBytes {
                    width: parent.width
                    name: "lastFrame"
                    label: root.desk.words.box_last_frame
                    bytes: root.evaluators.frame
                    none: root.desk.words.box_nothing
                }

                EvaluatorBytes {
                    width: parent.width
                    name: "lastRaw"
                    label: root.desk.words.box_last_raw
                    bytes: root.evaluators.raw
                    none: root.desk.words.box_nothing
                }
            }
        }
    }

    Label {
        id: notice
        objectName: "evaluatorNotice"
        x: Theme.margin
        y: tools.y - height - Theme.px(6)
        width: root.width - 2 * Theme.margin
        visible: text !== ""
        text: root.evaluators.notice
        color: Theme.alarm
        font.pixelSize: Theme.deskText
        font.bold: true
    }

    Item {
        id: tools
        x: Theme.margin
        y: root.height - height - Theme.px(24)
        width: root.width - 2 * Theme.margin
        height: Theme.portrait ? 2 * Theme.target + Theme.px(12) : Theme.target

        Row {
            spacing: Theme.px(12)
            visible: root.evaluators.count > 1

            PlainButton {
                objectName: "boxBefore"
                textSize: Theme.deskText
                label: root.desk.words.previous
                onTapped: root.evaluators.turn(-1)
            }

            Label {
                objectName: "boxPlace"
                anchors.verticalCenter: parent.verticalCenter
                text: root.desk.words.evaluators_place.replace("{place}", root.evaluators.place).replace("{count}", root.evaluators.count)
                color: Theme.quiet
                font.pixelSize: Theme.deskText
            }

            PlainButton {
                objectName: "boxNext"
                textSize: Theme.deskText
                label: root.desk.words.next
                onTapped: root.evaluators.turn(1)
            }
        }

        Row {
            anchors.right: parent.right
            y: parent.height - height
            spacing: Theme.px(12)

            PlainButton {
                objectName: "learn"
                textSize: Theme.deskText
                label: root.desk.words.learn
                onTapped: root.desk.learn()
            }

            PlainButton {
                objectName: "testKeys"
                visible: root.evaluators.testable
                textSize: Theme.deskText
                strong: true
                label: root.desk.words.key_test
                onTapped: root.desk.testKeys()
            }
        }
    }
}
