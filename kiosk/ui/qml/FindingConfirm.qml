pragma ComponentBehavior: Bound
import QtQuick

// What is about to be rated, in large type, and one way on.
FindingFrame {
    id: root

    Rectangle {
        id: card
        parent: root.room
        y: Theme.portrait ? go.y - height - Theme.px(28) : 0
        width: root.room.width
        height: Math.min(Theme.px(Theme.portrait ? 300 : 220), root.room.height - go.height - Theme.px(20))
        radius: Theme.radius
        color: Theme.card
        border.width: Math.max(1, Theme.px(1))
        border.color: Theme.line

        Label {
            id: named
            objectName: "named"
            x: Theme.px(28)
            y: Theme.px(14)
            width: card.width - 2 * x
            height: card.height - 2 * y - (beside.visible ? beside.height + Theme.px(8) : 0)
            verticalAlignment: Text.AlignVCenter
            text: root.finding.named
            wrapMode: Text.Wrap
            fontSizeMode: Text.Fit
            minimumPixelSize: Theme.px(18)
            elide: Text.ElideRight
            font.pixelSize: Theme.px(Theme.elder ? 44 : 36)
            font.bold: true
        }

        Label {
            id: beside
            objectName: "beside"
            x: named.x
            y: named.y + named.height + Theme.px(8)
            width: named.width
            visible: root.finding.beside !== ""
            text: root.finding.beside
            color: Theme.quiet
            elide: Text.ElideRight
            font.pixelSize: Theme.body
        }
    }

    PlainButton {
        id: go
        objectName: "confirmButton"
        parent: root.room
        x: Theme.portrait ? 0 : root.room.width - width
        y: root.room.height - height
        width: Theme.portrait ? root.room.width : Math.max(implicitWidth, Theme.px(300))
        height: Theme.px(Theme.portrait ? 100 : 76)
        strong: true
        label: root.visit.words.find_confirm
        textSize: Theme.px(Theme.elder ? 32 : 26)
        deaf: root.deaf
        onTapped: root.finding.confirm()
    }
}
