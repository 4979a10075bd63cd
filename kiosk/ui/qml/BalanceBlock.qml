pragma ComponentBehavior: Bound
import QtQuick

// Four figures of each level under their heads. One colour for all levels: figures, not verdicts.
Column {
    id: root

    required property var rows
    // Which of a row's figures: visits or reports.
    required property string part

    readonly property int wordWidth: Math.round(root.width * 0.25)
    readonly property int figureWidth: Math.floor((root.width - root.wordWidth) / 4)

    spacing: Theme.px(2)

    Repeater {
        model: root.rows

        Row {
            id: row

            required property var modelData
            required property int index

            readonly property color colour: row.index === 0 ? Theme.quiet : row.modelData.differs ? Theme.alarm : Theme.ink

            Label {
                width: root.wordWidth
                text: row.modelData.word
                color: row.colour
                wrapMode: Text.Wrap
                font.pixelSize: Theme.deskText
            }

            Repeater {
                model: row.modelData[root.part]

                Label {
                    required property string modelData
                    width: root.figureWidth
                    text: modelData
                    horizontalAlignment: Text.AlignRight
                    color: row.colour
                    font.pixelSize: Theme.deskText
                    font.bold: row.index > 0
                }
            }
        }
    }
}
