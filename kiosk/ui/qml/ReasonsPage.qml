pragma ComponentBehavior: Bound
import QtQuick

// The platform's reasons for the level that was pressed: any number of them, or none.
DetailsFrame {
    id: root

    title: root.visit.words.reasons_title
    goOnLabel: root.visit.words.go_on
    onWentOn: root.details.giveReasons()

    readonly property int columns: Theme.portrait && !Theme.low ? 1 : 2
    readonly property int rows: Math.ceil(root.details.reasons.length / root.columns)
    readonly property int step: Theme.px(Theme.elder && !Theme.portrait ? 8 : 12)
    readonly property int cardHeight: Math.min(Theme.px(92), Math.max(Theme.target, Math.floor((root.room.height - (root.rows - 1) * root.step) / Math.max(1, root.rows))))

    // Moves only where a later table has more reasons than fit.
    Flickable {
        parent: root.room
        anchors.fill: parent
        contentHeight: root.rows * (root.cardHeight + root.step) - root.step
        interactive: contentHeight > height
        clip: interactive

        Repeater {
            model: root.details.reasons

            CheckCard {
                id: card
                required property var modelData
                required property int index

                objectName: "reason" + card.modelData.code
                width: Math.floor((root.room.width - (root.columns - 1) * Theme.gap) / root.columns)
                height: root.cardHeight
                x: Theme.from((card.index % root.columns) * (width + Theme.gap), width, root.room.width)
                y: Math.floor(card.index / root.columns) * (root.cardHeight + root.step)
                label: card.modelData.text
                checked: root.details.chosen[card.modelData.code] === true
                deaf: root.deaf
                onTapped: root.details.toggleReason(card.modelData.code)
            }
        }
    }
}
