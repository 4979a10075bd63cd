pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Five equal cards in the fixed order, side by side or one below the other.
Item {
    id: root

    required property VisitViewModel visit
    required property bool rows
    property bool deaf: false

    readonly property int step: Theme.px(!root.rows ? 16 : Theme.portrait ? 14 : 8)
    readonly property int cardWidth: root.rows ? root.width : Math.floor((root.width - 4 * root.step) / 5)
    readonly property int cardHeight: root.rows ? Math.floor((root.height - 4 * root.step) / 5) : root.height

    // All five alike: nobody can read from the screen which one was pressed.
    opacity: root.visit.pressable ? 1 : 0.4

    FaceLayout {
        id: plan
        rows: root.rows
        latin: !root.visit.chinese
        width: root.cardWidth
        height: root.cardHeight
        lines: plan.stacked ? root.visit.faceLines : root.visit.faceWords
        others: root.visit.faceOthers
    }

    Repeater {
        model: root.visit.faces

        FaceCard {
            id: card
            required property var modelData
            required property int index

            objectName: "face" + card.level
            x: root.rows ? 0 : Math.round(card.index * (root.width - root.cardWidth) / 4)
            y: root.rows ? Math.round(card.index * (root.height - root.cardHeight) / 4) : 0
            width: root.cardWidth
            height: root.cardHeight
            level: card.modelData.level
            label: card.modelData.word
            word: plan.stacked ? card.modelData.wordStacked : card.modelData.word
            other: card.modelData.other
            plan: plan
            active: root.visit.pressable
            deaf: root.deaf
            turn: root.visit.turn
            onChosen: turn => root.visit.chooseIn(card.level, turn)
        }
    }
}
