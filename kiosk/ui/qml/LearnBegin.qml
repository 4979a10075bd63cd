pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// What the box shall be called, and which window it is for.
Item {
    id: root

    required property DeskViewModel desk
    required property LearnViewModel learning

    readonly property int gap: Theme.px(6)
    readonly property int perRow: Theme.portrait ? 8 : 13
    readonly property int key: Math.floor((root.width + root.gap) / root.perRow) - root.gap

    Row {
        id: named
        height: Theme.px(40)
        spacing: Theme.px(16)

        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: root.desk.words.learn_name
            color: Theme.quiet
            font.pixelSize: Theme.deskText
        }

        Label {
            objectName: "learnName"
            anchors.verticalCenter: parent.verticalCenter
            visible: !Theme.portrait
            text: root.learning.name
            font.pixelSize: Theme.px(24)
            font.bold: true
        }
    }

    Label {
        id: below
        visible: Theme.portrait
        y: Theme.px(40)
        height: visible ? Theme.px(40) : 0
        text: root.learning.name
        font.pixelSize: Theme.px(24)
        font.bold: true
    }

    Grid {
        id: letters
        y: named.height + below.height + Theme.px(4)
        columns: root.perRow
        spacing: root.gap

        Repeater {
            model: [..."abcdefghijklmnopqrstuvwxyz0123456789-", ""]

            PlainButton {
                required property string modelData
                objectName: "letter" + modelData
                width: root.key
                height: Theme.target
                textSize: Theme.px(22)
                label: modelData || "⌫"
                onTapped: root.learning.type(modelData)
            }
        }
    }

    Label {
        id: whose
        y: letters.y + letters.height + Theme.px(18)
        visible: root.learning.windows.length > 1
        text: root.desk.words.learn_window
        color: Theme.quiet
        font.pixelSize: Theme.deskText
    }

    Flow {
        y: whose.y + whose.height + Theme.px(6)
        width: root.width
        spacing: Theme.px(10)
        visible: whose.visible

        Repeater {
            model: root.learning.windows

            PlainButton {
                required property var modelData
                objectName: "learnWindow" + modelData.id
                textSize: Theme.deskText
                strong: root.learning.window === modelData.id
                label: modelData.name
                onTapped: root.learning.chooseWindow(modelData.id)
            }
        }
    }
}
