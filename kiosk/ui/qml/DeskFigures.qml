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

    Grid {
        id: tiles
        width: parent.width
        columns: root.desk.counts.length === 3 ? 3 : 2
        columnSpacing: Theme.px(12)
        rowSpacing: Theme.px(12)

        Repeater {
            model: root.desk.counts

            CountTile {
                required property var modelData
                width: Math.floor((root.width + Theme.px(12)) / tiles.columns) - Theme.px(12)
                name: modelData.name
                label: modelData.label
                value: modelData.value
                alarm: modelData.alarm
            }
        }
    }
}
