pragma ComponentBehavior: Bound
import QtQuick

// Departments or items, a sheet at a time, and the letters that make the list shorter. Nothing has to be dragged.
FindingFrame {
    id: root

    brief: true

    readonly property int step: Theme.px(8)
    readonly property int columns: 7
    readonly property int letterRows: 4
    readonly property int keysWidth: Theme.portrait ? root.room.width : Theme.px(476)
    readonly property int keyWidth: Math.floor((root.keysWidth - (root.columns - 1) * root.step) / root.columns)
    readonly property int keysHeight: Theme.portrait ? root.letterRows * (Theme.target + root.step) - root.step : root.room.height - root.fieldHeight - root.step
    readonly property int keyHeight: Math.floor((root.keysHeight - (root.letterRows - 1) * root.step) / root.letterRows)
    readonly property int fieldHeight: Theme.px(Theme.portrait ? 56 : 44)
    readonly property int turnHeight: Theme.target
    readonly property int listWidth: Theme.portrait ? root.room.width : root.room.width - root.keysWidth - Theme.px(28)
    readonly property int listHeight: (Theme.portrait ? root.room.height - root.keysHeight - root.fieldHeight - Theme.px(28) : root.room.height) - root.turnHeight - root.step
    readonly property int rowHeight: Theme.px(Theme.elder ? 84 : 64)
    readonly property int capacity: Math.max(1, Math.floor((root.listHeight + root.step) / (root.rowHeight + root.step)))
    readonly property int keysX: root.room.width - root.keysWidth
    readonly property int fieldY: Theme.portrait ? root.room.height - root.keysHeight - root.step - root.fieldHeight : 0

    // Afterwards: what it changes is what the room was reckoned from.
    onCapacityChanged: Qt.callLater(root.tell)

    function tell(): void {
        root.finding.setRows(root.capacity);
    }

    Component.onCompleted: root.finding.setRows(root.capacity)

    Item {
        parent: root.room
        width: root.room.width
        height: root.room.height

        Repeater {
            model: root.finding.entries

            EntryRow {
                required property var modelData
                required property int index

                objectName: "entry" + index
                label: modelData.text
                beside: modelData.beside
                y: index * (root.rowHeight + root.step)
                width: root.listWidth
                height: root.rowHeight
                deaf: root.deaf
                onTapped: root.finding.choose(index)
            }
        }

        Label {
            objectName: "nothing"
            width: root.listWidth
            height: root.listHeight
            visible: root.finding.entries.length === 0
            verticalAlignment: Theme.portrait ? Text.AlignTop : Text.AlignVCenter
            text: root.visit.words.find_nothing
            wrapMode: Text.Wrap
        }

        PlainButton {
            id: previous
            objectName: "previousSheet"
            visible: root.finding.sheets > 1
            active: root.finding.sheet > 1
            y: root.listHeight + root.step
            label: root.visit.words.find_previous
            deaf: root.deaf
            onTapped: root.finding.turn(-1)
        }

        Label {
            objectName: "sheetPlace"
            visible: root.finding.sheets > 1
            x: Math.round((root.listWidth - width) / 2)
            y: previous.y + Math.round((previous.height - height) / 2)
            text: root.finding.sheet + " / " + root.finding.sheets
            font.pixelSize: Theme.body
        }

        PlainButton {
            objectName: "nextSheet"
            visible: root.finding.sheets > 1
            active: root.finding.sheet < root.finding.sheets
            x: root.listWidth - width
            y: previous.y
            label: root.visit.words.find_next
            deaf: root.deaf
            onTapped: root.finding.turn(1)
        }

        Rectangle {
            x: root.keysX
            y: root.fieldY
            width: root.keysWidth
            height: root.fieldHeight
            radius: Theme.px(12)
            color: Theme.card
            border.width: Math.max(1, Theme.px(1))
            border.color: Theme.line

            Label {
                objectName: "query"
                anchors.fill: parent
                anchors.leftMargin: Theme.px(14)
                anchors.rightMargin: Theme.px(14)
                verticalAlignment: Text.AlignVCenter
                text: root.finding.typed === "" ? "A–Z" : root.finding.typed
                color: root.finding.typed === "" ? Theme.quiet : Theme.ink
                fontSizeMode: Text.Fit
                minimumPixelSize: Theme.px(18)
                font.pixelSize: Theme.px(26)
            }
        }

        Repeater {
            model: [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ", "clear", "erase"]

            PlainButton {
                required property string modelData
                required property int index
                readonly property bool letter: modelData.length === 1

                objectName: letter ? "letter-" + modelData : modelData + "Letters"
                label: letter ? modelData : modelData === "clear" ? root.visit.words.find_clear : root.visit.words.find_erase
                shows: letter ? modelData : modelData === "clear" ? "✕" : "⌫"
                textSize: Theme.px(26)
                active: letter || root.finding.typed !== ""
                x: root.keysX + (index % root.columns) * (root.keyWidth + root.step)
                y: root.fieldY + root.fieldHeight + root.step + Math.floor(index / root.columns) * (root.keyHeight + root.step)
                width: root.keyWidth
                height: root.keyHeight
                deaf: root.deaf
                onTapped: letter ? root.finding.type(modelData) : modelData === "clear" ? root.finding.clear() : root.finding.erase()
            }
        }
    }
}
