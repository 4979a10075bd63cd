pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The sticks that are mounted, each with the three things that can be done with it. Nothing happens unasked.
Item {
    id: root

    required property DeskViewModel desk
    required property SticksViewModel sticks
    required property int taken

    DeskTitle {
        title: root.desk.words.sticks
        taken: root.taken
    }

    Label {
        id: hint
        objectName: "sticksHint"
        x: Theme.margin
        y: Theme.px(92)
        width: root.width - 2 * Theme.margin
        text: root.sticks.hint
        color: Theme.quiet
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.deskText
    }

    Flickable {
        x: Theme.margin
        y: hint.y + hint.height + Theme.px(12)
        width: root.width - 2 * Theme.margin
        height: notice.y - y - Theme.px(8)
        contentHeight: rows.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        Column {
            id: rows
            width: parent.width
            spacing: Theme.px(16)

            Repeater {
                model: root.sticks.sticks

                StickCard {
                    id: card
                    required property var modelData
                    width: rows.width
                    words: root.desk.words
                    name: card.modelData.name
                    found: card.modelData.found
                    usable: card.modelData.usable
                    busy: root.sticks.busy
                    onChosen: action => root.sticks.act(card.modelData.place, action)
                }
            }
        }
    }

    Label {
        id: notice
        objectName: "stickNotice"
        x: Theme.margin
        y: tools.y - height - Theme.px(8)
        width: root.width - 2 * Theme.margin
        text: root.sticks.notice
        color: root.sticks.alarm ? Theme.alarm : Theme.ink
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.deskText
        font.bold: true
    }

    Row {
        id: tools
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        y: root.height - height - Theme.px(24)

        PlainButton {
            objectName: "sticksRefresh"
            active: !root.sticks.busy
            textSize: Theme.deskText
            label: root.desk.words.sticks_refresh
            onTapped: root.sticks.refresh()
        }
    }
}
