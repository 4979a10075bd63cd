pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The five levels, and what they come to. Same colour for all: figures, not verdicts.
Column {
    id: root

    required property DeskViewModel desk

    spacing: Theme.px(16)

    Column {
        width: parent.width

        Label {
            text: root.desk.words.satisfied_share
            color: Theme.quiet
            font.pixelSize: Theme.deskText
        }

        Label {
            objectName: "share"
            width: parent.width
            text: root.desk.share
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.deskText
            font.pixelSize: Theme.deskFigure
            font.bold: true
        }
    }

    Column {
        width: parent.width
        spacing: Theme.px(6)

        Repeater {
            model: root.desk.levels

            LevelBar {
                required property var modelData
                width: root.width
                word: modelData.word
                count: modelData.count
                share: modelData.share
            }
        }
    }

    Flow {
        id: tiles
        width: parent.width
        spacing: Theme.px(12)

        readonly property int columns: root.desk.counts.length === 4 ? 2 : 3

        Repeater {
            model: root.desk.counts

            CountTile {
                required property var modelData
                // What went wrong has a longer name.
                readonly property int taken: modelData.alarm ? 2 : 1
                width: Math.floor((root.width + Theme.px(12)) / tiles.columns) * taken - Theme.px(12)
                name: modelData.name
                label: modelData.label
                value: modelData.value
                alarm: modelData.alarm
            }
        }
    }
}
