pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Today's figures and what state things are in.
Item {
    id: root

    required property DeskViewModel desk

    readonly property int column: Theme.portrait ? root.width - 2 * Theme.margin
        : Math.round((root.width - 3 * Theme.margin) / 2)

    Row {
        x: Theme.margin
        y: Theme.px(30)
        height: Theme.px(44)
        spacing: Theme.px(16)

        Label {
            id: title
            text: root.desk.words.desk_title
            font.pixelSize: Theme.deskTitle
            font.bold: true
        }

        Label {
            objectName: "deskDay"
            anchors.baseline: title.baseline
            text: root.desk.loaded ? root.desk.day : root.desk.words.desk_loading
            color: Theme.quiet
            font.pixelSize: Theme.deskText
        }
    }

    Flickable {
        id: page
        y: Theme.px(96)
        width: root.width
        height: root.height - y
        contentHeight: content.height + Theme.margin
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        visible: root.desk.loaded

        Grid {
            id: content
            x: Theme.margin
            columns: Theme.portrait ? 1 : 2
            columnSpacing: Theme.margin
            rowSpacing: Theme.px(40)

            DeskFigures {
                width: root.column
                desk: root.desk
            }

            Column {
                width: root.column

                Repeater {
                    model: root.desk.states

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
        }
    }
}
