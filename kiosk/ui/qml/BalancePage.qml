pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Where today's presses have got to, level by level: here, at the hub, at the province.
Item {
    id: root

    required property DeskViewModel desk
    required property int taken

    readonly property int column: Theme.portrait ? root.width - 2 * Theme.margin
        : Math.round((root.width - 3 * Theme.margin) / 2)

    DeskTitle {
        title: root.desk.words.balance_title
        more: root.desk.day
        taken: root.taken
    }

    Flickable {
        y: Theme.px(96)
        width: root.width
        height: root.height - y
        contentHeight: content.height + Theme.margin
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        Grid {
            id: content
            x: Theme.margin
            columns: Theme.portrait ? 1 : 2
            columnSpacing: Theme.margin
            rowSpacing: Theme.px(16)

            BalanceBlock {
                width: root.column
                rows: root.desk.balance
                part: "visits"
            }

            Column {
                width: root.column
                spacing: Theme.px(10)
                visible: root.desk.balanceNote !== ""

                BalanceBlock {
                    width: parent.width
                    rows: root.desk.balance
                    part: "reports"
                }

                Label {
                    objectName: "balanceNote"
                    width: parent.width
                    text: root.desk.balanceNote
                    color: Theme.quiet
                    wrapMode: Text.Wrap
                    font.pixelSize: Theme.deskText
                }
            }

            Repeater {
                model: root.desk.balanceFacts

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
