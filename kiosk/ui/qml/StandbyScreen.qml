pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// A window at rest: whose it is, and that somebody is there. No faces.
Item {
    id: root

    required property VisitViewModel visit
    required property ReceiptViewModel receipt
    required property ClerkCardViewModel card

    Rings {
        anchors.fill: parent
    }

    HeaderBar {
        id: header
        x: Theme.margin
        y: Theme.px(28)
        hall: root.visit.hall
        width: parent.width - Theme.margin - Theme.corner - Theme.gap
    }

    Label {
        objectName: "notice"
        x: Theme.margin
        y: header.y + header.height + Theme.px(24)
        width: parent.width - 2 * Theme.margin
        visible: text !== ""
        text: root.visit.notice
        wrapMode: Text.Wrap
        maximumLineCount: Theme.portrait ? 5 : 2
        elide: Text.ElideRight
        font.pixelSize: Theme.body
    }

    Column {
        id: names
        x: Theme.from(Theme.margin, width, root.width)
        y: Math.round((root.height - height) / 2) - (Theme.portrait && card.active ? Theme.px(160) : 0)
        width: parent.width - 2 * Theme.margin - (later.offered && !Theme.portrait ? later.width + Theme.margin : 0)
        spacing: Theme.px(14)

        Label {
            objectName: "windowName"
            width: parent.width
            text: root.visit.window
            // Said outright, so that it is mirrored: a name in Latin letters begins on the left by itself.
            horizontalAlignment: Text.AlignLeft
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            font.pixelSize: Theme.display
            font.bold: true
        }

        Label {
            objectName: "headline"
            width: parent.width
            text: root.visit.headline
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.caption
            font.pixelSize: Theme.elder ? Theme.px(56) : Theme.px(28)
        }
    }

    Label {
        objectName: "clerk"
        x: Theme.from(Theme.margin, width, root.width)
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(34)
        visible: !card.active
        text: root.visit.clerk
        color: Theme.quiet
        font.pixelSize: Theme.body
    }

    Loader {
        id: card
        x: Theme.from(Theme.margin, width, root.width)
        y: Theme.portrait ? names.y + names.height + Theme.px(44) : root.height - height - Theme.px(26)
        active: root.card.shown
        sourceComponent: ClerkCard {
            room: (Theme.portrait ? root.width - 2 * Theme.margin : root.width - 2 * Theme.margin - start.width - Theme.gap) - side - spacing
            visit: root.visit
            card: root.card
        }
    }

    RateLater {
        id: later
        x: Theme.from(root.width - width - Theme.margin, width, root.width)
        y: start.y - height - Theme.px(20)
        visit: root.visit
        receipt: root.receipt
    }

    PlainButton {
        id: start
        objectName: "startButton"
        x: Theme.from(root.width - width - Theme.margin, width, root.width)
        y: root.height - height - Theme.px(22)
        active: root.visit.startable
        label: root.visit.words.start_by_oneself
        textSize: Theme.body
        onTapped: root.visit.startByOneself()
    }
}
