pragma ComponentBehavior: Bound
import QtQuick

// A box to click on, for the demonstration by hand. No part of the product.
Window {
    id: root

    required property QtObject panel
    readonly property var keys: [
        { level: 5, word: "非常满意" },
        { level: 4, word: "满意" },
        { level: 3, word: "基本满意" },
        { level: 2, word: "不满意" },
        { level: 1, word: "非常不满意" }
    ]

    component Key: Rectangle {
        id: key

        property string word
        property bool dark: false

        signal pressed

        width: 264
        height: 60
        radius: 12
        color: area.pressed ? "#9aa8a5" : key.dark ? "#0f5c6b" : "#ffffff"
        border.color: "#c9d3d0"

        Text {
            anchors.centerIn: parent
            text: key.word
            color: key.dark ? "#ffffff" : "#16323a"
            font.pixelSize: 20
        }

        MouseArea {
            id: area
            anchors.fill: parent
            onClicked: key.pressed()
        }
    }

    width: 312
    height: 632
    visible: true
    title: "评价器 · evaluator"
    color: "#e4e9e7"

    Column {
        anchors.centerIn: parent
        spacing: 12

        Key {
            word: "窗口：请求评价 ask"
            dark: true
            onPressed: root.panel.ask()
        }

        Repeater {
            model: root.keys

            Key {
                required property var modelData
                word: modelData.level + "  " + modelData.word
                onPressed: root.panel.press(modelData.level)
            }
        }

        Key {
            word: root.panel.cut ? "恢复网络 mend network" : "断开网络 cut network"
            onPressed: root.panel.turn_network()
        }

        Text {
            text: "PIN " + root.panel.pin
            color: "#4d6269"
            font.pixelSize: 18
        }
    }
}
