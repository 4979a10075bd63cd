pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Today's figures and what state things are in.
Item {
    id: root

    required property DeskViewModel desk
    required property RestingViewModel rest
    required property SticksViewModel sticks
    required property int taken

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
        interactive: contentHeight > height
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        onMovementStarted: root.desk.stir()

        Grid {
            id: content
            x: Theme.margin
            columns: Theme.portrait ? 1 : 2
            columnSpacing: Theme.margin
            rowSpacing: Theme.px(40)

            DeskFigures {
                width: root.column
                opacity: root.desk.loaded ? 1 : 0
                desk: root.desk
            }

            Column {
                width: root.column

                DeskActions {
                    width: root.column
                    bottomPadding: Theme.px(16)
                    desk: root.desk
                    rest: root.rest
                    sticks: root.sticks
                }

                Repeater {
                    model: root.desk.loaded ? root.desk.states : []

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
