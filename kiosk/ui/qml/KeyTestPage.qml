pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Each key of one box in turn: which to press, and what came. Counts for nothing.
Item {
    id: root

    required property DeskViewModel desk
    required property EvaluatorsViewModel evaluators
    required property int taken

    readonly property bool over: root.evaluators.wanted === 0
    readonly property int column: Theme.portrait ? root.width - 2 * Theme.margin
        : Math.round((root.width - 3 * Theme.margin) / 2)

    DeskTitle {
        title: root.evaluators.title
        taken: root.taken
    }

    Column {
        id: asked
        x: Theme.margin
        y: Theme.px(Theme.portrait ? 110 : 120)
        width: root.column
        spacing: Theme.px(10)
        visible: !root.over

        Label {
            objectName: "keyPress"
            width: parent.width
            text: root.desk.words.key_press
            font.pixelSize: Theme.px(22)
        }

        Image {
            width: Theme.px(150)
            height: width
            sourceSize: Qt.size(width, height)
            source: root.over ? "" : Qt.resolvedUrl("../../../assets/faces/face" + root.evaluators.wanted + ".svg")
        }

        Label {
            objectName: "keyWanted"
            width: parent.width
            height: contentHeight
            text: root.evaluators.wantedWord
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.deskTitle
            font.pixelSize: Theme.px(46)
            font.bold: true
        }

        Label {
            width: parent.width
            visible: text !== ""
            text: root.evaluators.wantedOfficial
            color: Theme.quiet
            font.pixelSize: Theme.px(24)
        }

        Label {
            width: parent.width
            text: root.desk.words.key_note
            color: Theme.quiet
            wrapMode: Text.Wrap
            font.pixelSize: Theme.deskText
        }
    }

    Column {
        x: Theme.margin
        y: Theme.px(Theme.portrait ? 130 : 150)
        width: root.column
        spacing: Theme.px(18)
        visible: root.over

        Sign {
            side: Theme.px(84)
            name: root.evaluators.passed ? "confirmed" : "alarm"
        }

        Label {
            objectName: "keyResult"
            width: parent.width
            text: root.evaluators.result
            color: root.evaluators.passed ? Theme.ink : Theme.alarm
            wrapMode: Text.Wrap
            lineHeight: 1.1
            font.pixelSize: Theme.px(22)
            font.bold: true
        }
    }

    Column {
        x: Theme.portrait ? Theme.margin : root.width - width - Theme.margin
        y: Theme.px(Theme.portrait ? 470 : 110)
        width: root.column
        spacing: Theme.px(6)

        Repeater {
            model: root.evaluators.keys

            KeyTestRow {
                required property var modelData
                width: root.column
                level: modelData.level
                word: modelData.word
                finding: modelData.state
                said: modelData.said
            }
        }
    }

    Row {
        x: root.width - width - Theme.margin
        y: root.height - height - Theme.px(24)
        spacing: Theme.px(12)

        PlainButton {
            objectName: "keySkip"
            visible: !root.over
            textSize: Theme.deskText
            label: root.desk.words.key_skip
            onTapped: root.evaluators.skip()
        }

        PlainButton {
            objectName: "testAgain"
            visible: root.over
            strong: !root.evaluators.passed
            textSize: Theme.deskText
            label: root.desk.words.test_again
            onTapped: root.evaluators.startTest()
        }
    }
}
