pragma ComponentBehavior: Bound
import QtQuick

// An emulated box to click on: five keys, ways to misbehave, and what the host said. No part of the product.
Window {
    id: root

    required property QtObject box
    readonly property var words: ({
            split: "拆开 split",
            merge: "合并 merge",
            repeat: "重复 repeat",
            bounce: "抖动 bounce",
            drop: "缺尾 drop",
            silent: "不应答 silent",
            unplug: "拔出 unplug"
        })

    component Key: Rectangle {
        id: key

        property string word
        property string face
        property bool lit: false

        signal pressed
        signal held

        objectName: "key"
        width: 320
        height: 60
        radius: 12
        color: area.pressed ? "#9aa8a5" : key.lit ? "#0f5c6b" : "#ffffff"
        border.color: "#c9d3d0"

        Image {
            id: picture
            visible: key.face !== ""
            x: 12
            anchors.verticalCenter: parent.verticalCenter
            width: 40
            height: 40
            sourceSize: Qt.size(40, 40)
            source: key.face
        }

        Text {
            x: picture.visible ? 66 : (parent.width - width) / 2
            anchors.verticalCenter: parent.verticalCenter
            text: key.word
            color: key.lit ? "#ffffff" : "#16323a"
            font.pixelSize: 18
        }

        MouseArea {
            id: area
            anchors.fill: parent
            acceptedButtons: Qt.LeftButton | Qt.RightButton
            onClicked: event => event.button === Qt.RightButton ? key.held() : key.pressed()
        }
    }

    width: 368
    height: 868
    visible: true
    title: "评价器 · evaluator"
    color: "#e4e9e7"

    Column {
        x: 24
        y: 20
        spacing: 10

        Text {
            width: 320
            text: root.box.port
            color: "#4d6269"
            wrapMode: Text.WrapAnywhere
            font.pixelSize: 15
        }

        Row {
            visible: root.box.shared
            spacing: 10

            Key {
                objectName: "numberBefore"
                width: 60
                height: 44
                word: "−"
                onPressed: root.box.turn_number(-1)
            }

            Text {
                width: 180
                height: 44
                text: root.box.number + " 号盒 · box " + root.box.number
                color: "#16323a"
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
                font.pixelSize: 18
            }

            Key {
                objectName: "numberNext"
                width: 60
                height: 44
                word: "+"
                onPressed: root.box.turn_number(1)
            }
        }

        Repeater {
            model: root.box.keys

            Key {
                required property var modelData
                objectName: "key" + modelData.level
                face: Qt.resolvedUrl("../../assets/faces/face" + modelData.level + ".svg")
                word: modelData.level + "  " + modelData.word
                onPressed: root.box.press(modelData.level)
                onHeld: root.box.hold(modelData.level)
            }
        }

        Text {
            text: root.box.stuck ? "按键卡住，右击任一键松开 · a key is stuck: right-click frees it" : "右击：卡住 · right-click: stuck"
            color: "#4d6269"
            font.pixelSize: 14
        }

        Grid {
            columns: 2
            spacing: 10

            Repeater {
                model: root.box.switches

                Key {
                    required property var modelData
                    objectName: "switch-" + modelData.name
                    width: 155
                    height: 44
                    lit: modelData.on
                    word: root.words[modelData.name]
                    onPressed: root.box.turn(modelData.name)
                }
            }
        }

        Text {
            objectName: "said"
            width: 320
            text: "主机 host: " + (root.box.said || "—")
            color: "#16323a"
            wrapMode: Text.Wrap
            font.pixelSize: 15
        }
    }
}
