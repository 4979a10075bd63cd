pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The question and the five faces: while a rating is asked for, while it is being recorded, and at a walk-up point.
Item {
    id: root

    required property VisitViewModel visit
    required property DetailsViewModel details
    required property ChoiceViewModel choice

    readonly property bool latin: !root.visit.chinese
    // Long words do not fit five abreast in the large type.
    readonly property bool rows: Theme.portrait || (Theme.elder && root.latin)
    readonly property int air: Theme.px(Theme.portrait ? (Theme.elder ? 30 : 44) : Theme.elder ? 10 : 18)

    // At a terminal a finger has just been where a face is now: its second tap is no rating.
    readonly property int turn: root.visit.turn
    onTurnChanged: if (root.visit.leavable) settling.restart()

    PointHandler {
        onActiveChanged: if (active) root.visit.touch()
    }

    Item {
        anchors.fill: parent
        visible: !root.choice.shown

        HeaderBar {
            id: header
            x: Theme.margin
            y: Theme.px(Theme.elder && !Theme.portrait ? 20 : 28)
            width: root.width - Theme.margin - Theme.corner - Theme.gap
            hall: root.visit.hall
            window: root.visit.window
            clerk: root.visit.clerk
        }

        Label {
            id: headline
            objectName: "headline"
            x: Theme.margin
            y: Theme.low ? Theme.top(root.height) - headline.contentHeight - (note.visible ? note.height : 0) - root.air
                : header.y + header.height + Theme.px(Theme.portrait ? 36 : Theme.elder ? 4 : 16)
            width: root.width - 2 * Theme.margin
            text: Theme.portrait ? root.visit.headlineStacked : root.visit.headline
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.body
            font.pixelSize: Theme.headline
            font.bold: true
        }

        Label {
            id: note
            objectName: "note"
            x: Theme.margin
            y: headline.y + headline.contentHeight + Theme.px(4)
            width: root.width - 2 * Theme.margin
            visible: Theme.portrait || !Theme.elder
            text: root.visit.note
            color: Theme.quiet
            wrapMode: Text.Wrap
            lineHeight: Theme.leading
            font.pixelSize: Theme.caption
        }

        FaceCards {
            id: cards
            x: Theme.margin
            y: cards.ceiling + Math.round((cards.room - height) / 2)
            width: root.width - 2 * Theme.margin
            // On a nearly square screen the cards do not grow into columns.
            height: root.rows ? cards.room : Math.min(cards.room, Theme.px(400))

            readonly property int ceiling: headline.y + headline.contentHeight
                + (note.visible ? note.height + Theme.px(4) : 0) + root.air
            readonly property int room: footer.y - cards.ceiling - root.air

            visit: root.visit
            rows: root.rows
            deaf: settling.running
        }

        Item {
            id: footer
            x: Theme.margin
            y: root.height - height - Theme.px(22)
            width: root.width - 2 * Theme.margin
            height: choose.implicitHeight

            Label {
                objectName: "recordingLine"
                x: Theme.from(0, width, footer.width)
                width: footer.width - choose.width - Theme.gap
                anchors.verticalCenter: parent.verticalCenter
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.smallest
                visible: slow.late && root.visit.screen === "recording"
                text: root.visit.words.recording_line
                font.pixelSize: Theme.body
            }

            PlainButton {
                objectName: "keepButton"
                x: Theme.from(0, width, footer.width)
                width: Math.min(implicitWidth, Math.floor((footer.width - Theme.gap) / 2))
                height: parent.height
                visible: root.visit.screen === "rechoosing"
                label: root.visit.words.keep_level
                textSize: Theme.body
                onTapped: root.details.skip()
            }

            PlainButton {
                objectName: "leaveButton"
                x: Theme.from(0, width, footer.width)
                width: Math.min(implicitWidth, Math.floor((footer.width - Theme.gap) / 2))
                height: parent.height
                visible: root.visit.leavable
                deaf: settling.running
                label: root.visit.words.find_cancel
                textSize: Theme.body
                onTapped: root.details.skip()
            }

            PlainButton {
                id: choose
                objectName: "choiceButton"
                x: Theme.from(footer.width - width, width, footer.width)
                width: Math.min(implicitWidth, Math.floor((footer.width - Theme.gap) / 2))
                label: root.visit.words.view
                active: root.visit.pressable
                onTapped: root.choice.show()
            }
        }
    }

    ChoicePage {
        anchors.fill: parent
        visible: root.choice.shown
        visit: root.visit
        choice: root.choice
    }

    TimeBar {
        id: bar
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.px(6)
        Accessible.ignored: true
        visible: root.visit.screen === "asking" || root.visit.screen === "rechoosing"

        Component.onCompleted: follow(root.visit.openShare, root.visit.closesInMs)
    }

    Connections {
        target: root.visit
        function onClosingChanged(): void {
            bar.follow(root.visit.openShare, root.visit.closesInMs);
        }
    }

    Timer {
        id: settling
        interval: Theme.guard
    }

    Timer {
        id: slow
        property bool late: false
        interval: Theme.patience
        running: root.visit.screen === "recording"
        onRunningChanged: if (slow.running) slow.late = false
        onTriggered: slow.late = true
    }
}
