pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Today's figures and what state things are in.
Item {
    id: root

    required property DeskViewModel desk
    required property int taken

    signal cleaningWanted

    readonly property int column: Theme.portrait ? root.width - 2 * Theme.margin
        : Math.round((root.width - 3 * Theme.margin) / 2)

    DeskTitle {
        title: root.desk.words.desk_title
        more: root.desk.loaded ? root.desk.day : root.desk.words.desk_loading
        taken: root.taken
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

                Item {
                    width: root.column
                    height: sendNow.height + Theme.px(12)
                    visible: root.desk.maySend

                    PlainButton {
                        id: sendNow
                        objectName: "sendNow"
                        textSize: Theme.deskText
                        label: root.desk.words.send_now
                        onTapped: root.desk.sendNow()
                    }
                }

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

        PlainButton {
            objectName: "deskCleanBeside"
            x: root.width - width - Theme.margin
            visible: Theme.portrait
            textSize: Theme.deskText
            label: root.desk.words.clean
            onTapped: root.cleaningWanted()
        }
    }
}
