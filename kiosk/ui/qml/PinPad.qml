pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Digits, and how many of them stand there: never which.
Item {
    id: root

    required property PinViewModel pin
    required property string title
    required property string clearLabel
    required property string enterLabel

    readonly property int keyWidth: Theme.portrait ? Math.floor((root.width - 2 * Theme.margin - 2 * keys.spacing) / 3)
        : Theme.px(120)
    readonly property int keyHeight: Theme.px(Theme.portrait ? 112 : 92)
    readonly property int keysHeight: 4 * root.keyHeight + 3 * keys.spacing
    readonly property int keysY: Theme.portrait ? root.height - root.keysHeight - Theme.px(200)
        : Math.round((root.height - root.keysHeight) / 2) + Theme.px(36)

    Column {
        id: texts
        x: Theme.margin
        y: Theme.portrait ? root.keysY - height - Theme.px(60) : root.keysY + Math.round((root.keysHeight - height) / 2)
        width: Theme.portrait ? root.width - 2 * Theme.margin : root.width - 3 * root.keyWidth - 2 * keys.spacing - 3 * Theme.margin
        spacing: Theme.px(20)

        Label {
            width: parent.width
            text: root.title
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.deskTitle
            font.pixelSize: Theme.elder ? Theme.px(48) : Theme.px(36)
            font.bold: true
        }

        Label {
            objectName: "pinNotice"
            width: parent.width
            text: root.pin.notice
            color: root.pin.refused ? Theme.alarm : Theme.quiet
            wrapMode: Text.Wrap
            font.pixelSize: Theme.elder ? Theme.px(28) : Theme.px(20)
        }

        Row {
            objectName: "pinDots"
            height: Theme.px(18)
            spacing: Theme.px(8)

            Repeater {
                model: Math.max(6, root.pin.typed)

                Rectangle {
                    required property int index
                    width: Theme.px(13)
                    height: width
                    radius: width / 2
                    anchors.verticalCenter: parent.verticalCenter
                    color: index < root.pin.typed ? Theme.ink : "transparent"
                    border.width: Theme.edge(true)
                    border.color: index < root.pin.typed ? Theme.ink : Theme.quiet
                }
            }
        }
    }

    Grid {
        id: keys
        columns: 3
        spacing: Theme.px(12)
        x: root.width - width - Theme.margin
        y: root.keysY

        Repeater {
            model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "enter"]

            PlainButton {
                id: key
                required property string modelData
                readonly property bool figure: key.modelData.length === 1

                objectName: key.figure ? "pinKey" + key.modelData : key.modelData === "clear" ? "pinClear" : "pinEnter"
                width: root.keyWidth
                height: root.keyHeight
                strong: key.modelData === "enter"
                textSize: Theme.px(key.figure ? 32 : Theme.elder ? 28 : 22)
                label: key.figure ? key.modelData
                    : key.modelData === "clear" ? root.clearLabel : root.enterLabel
                active: key.modelData === "enter" ? root.pin.canEnter : root.pin.keysEnabled
                onTapped: root.press(key.modelData)
            }
        }
    }

    function press(key: string): void {
        if (key === "clear")
            root.pin.clear();
        else if (key === "enter")
            root.pin.enter();
        else
            root.pin.digit(Number(key));
    }
}
