pragma ComponentBehavior: Bound
import QtQuick

// A number, or the code of a slip, and the keys for it: our own, so that nothing is learnt, suggested or pasted.
FindingFrame {
    id: root

    brief: root.finding.page === "number"

    readonly property int columns: Theme.portrait ? 6 : 10
    readonly property int step: Theme.px(8)
    readonly property int rows: Math.ceil(root.finding.keys.length / root.columns)
    readonly property int fieldHeight: Theme.px(Theme.portrait ? 96 : Theme.elder ? 60 : 66)
    readonly property int keyHeight: Math.min(Theme.low ? Theme.target : Theme.px(Theme.portrait ? 76 : 84), Math.floor((root.room.height - root.fieldHeight - Theme.px(Theme.portrait ? 32 : 0) - root.rows * root.step) / root.rows))
    readonly property int keysY: root.room.height - root.rows * (root.keyHeight + root.step) + root.step
    readonly property real keyWidth: Math.floor((root.room.width - (root.columns - 1) * root.step) / root.columns)
    // What the last row leaves free is for delete, clear and enter.
    readonly property int lastRow: root.rows - 1
    readonly property int taken: root.finding.keys.length - root.lastRow * root.columns

    Rectangle {
        parent: root.room
        y: Theme.portrait ? root.keysY - height - Theme.px(24) : 0
        width: root.room.width
        height: root.fieldHeight
        radius: Theme.px(12)
        color: Theme.card
        border.width: Math.max(1, Theme.px(2))
        border.color: Theme.accent

        Label {
            objectName: "typed"
            anchors.fill: parent
            anchors.leftMargin: Theme.px(20)
            anchors.rightMargin: Theme.px(20)
            verticalAlignment: Text.AlignVCenter
            text: root.finding.typed === "" ? "—" : root.finding.typed
            color: root.finding.typed === "" ? Theme.quiet : Theme.ink
            wrapMode: Text.Wrap
            fontSizeMode: Text.Fit
            minimumPixelSize: Theme.px(18)
            font.pixelSize: Theme.px(34)
            font.family: Theme.mono
        }
    }

    Item {
        parent: root.room
        width: root.room.width
        height: root.room.height

        Repeater {
            model: root.finding.keys.length

            PlainButton {
                required property int index
                readonly property string key: root.finding.keys[index]

                objectName: "key-" + key
                label: key
                textSize: Theme.px(Theme.elder ? 34 : 28)
                x: (index % root.columns) * (root.keyWidth + root.step)
                y: root.keysY + Math.floor(index / root.columns) * (root.keyHeight + root.step)
                width: root.keyWidth
                height: root.keyHeight
                deaf: root.deaf
                onTapped: root.finding.type(key)
            }
        }

        Repeater {
            model: ["erase", "clear", "enter"]

            PlainButton {
                required property string modelData
                required property int index
                readonly property int each: Math.floor((root.room.width - root.taken * (root.keyWidth + root.step) - 2 * root.step) / 3)

                objectName: modelData + "Key"
                label: modelData === "erase" ? root.visit.words.find_erase : modelData === "clear" ? root.visit.words.find_clear : root.visit.words.find_enter
                textSize: Theme.px(Theme.elder && Theme.portrait ? 30 : 22)
                strong: modelData === "enter"
                active: root.finding.typed !== ""
                x: root.taken * (root.keyWidth + root.step) + index * (each + root.step)
                y: root.keysY + root.lastRow * (root.keyHeight + root.step)
                width: each
                height: root.keyHeight
                deaf: root.deaf
                onTapped: modelData === "erase" ? root.finding.erase() : modelData === "clear" ? root.finding.clear() : root.finding.enter()
            }
        }
    }
}
