pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// What is believed of the box, and what is not sure.
Flickable {
    id: root

    required property DeskViewModel desk
    required property LearnViewModel learning

    readonly property bool both: root.learning.findings.length > 0
    readonly property int column: Theme.portrait || !root.both ? root.width : Math.round((root.width - Theme.margin) / 2)

    contentHeight: content.height
    boundsBehavior: Flickable.StopAtBounds
    clip: true

    component Line: Item {
        id: line

        required property string text

        implicitHeight: said.height + Theme.px(8)

        Rectangle {
            y: Theme.px(11)
            width: Theme.px(6)
            height: width
            radius: width / 2
            color: Theme.quiet
        }

        Label {
            id: said
            x: Theme.px(18)
            width: line.width - x
            text: line.text
            wrapMode: Text.Wrap
            lineHeight: Theme.leading
            font.pixelSize: Theme.deskText
        }
    }

    Grid {
        id: content
        columns: Theme.portrait ? 1 : 2
        columnSpacing: Theme.margin
        rowSpacing: Theme.px(16)

        Column {
            visible: root.both
            width: root.column

            Repeater {
                model: root.learning.findings

                Line {
                    required property string modelData
                    width: root.column
                    text: modelData
                }
            }
        }

        Column {
            width: root.column
            spacing: Theme.px(4)

            Label {
                visible: root.both && root.learning.doubts.length > 0
                text: root.desk.words.learn_mind
                color: Theme.alarm
                font.pixelSize: Theme.deskText
                font.bold: true
            }

            Repeater {
                model: root.learning.doubts

                Line {
                    required property string modelData
                    width: root.column
                    text: modelData
                }
            }
        }
    }
}
