pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Recorded: the thanks, what happens next, and the receipt to take along as a picture.
Rectangle {
    id: root

    required property VisitViewModel visit
    required property DetailsViewModel details
    required property ReceiptViewModel receipt

    readonly property string detail: root.visit.words.receipt + " " + root.receipt.code
    readonly property int gap: Theme.px(Theme.portrait ? 30 : 44)

    color: Theme.field
    onVisibleChanged: if (root.visible) settling.restart()

    Timer {
        id: settling
        interval: Theme.guard
    }

    PointHandler {
        onActiveChanged: if (active) root.visit.touch()
    }

    TimeBar {
        id: bar
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.px(6)
        color: "transparent"
        tone: Theme.fieldQuiet
        Accessible.ignored: true

        Component.onCompleted: follow(root.visit.openShare, root.visit.closesInMs)
    }

    Connections {
        target: root.visit
        function onClosingChanged(): void {
            bar.follow(root.visit.openShare, root.visit.closesInMs);
        }
    }

    Column {
        id: texts
        readonly property int start: Theme.portrait ? Theme.margin : Theme.margin + Theme.px(16)
        x: Theme.from(start, width, root.width)
        y: Theme.portrait ? Theme.px(70) : Math.round((root.height - height) / 2) - Theme.px(Theme.elder ? 30 : 20)
        width: Theme.portrait ? root.width - 2 * start : root.width - card.width - 2 * start - root.gap
        spacing: Theme.px(Theme.elder && !Theme.portrait ? 14 : 22)

        Sign {
            x: Theme.portrait ? Math.round((texts.width - width) / 2) : Theme.from(0, width, texts.width)
            side: Theme.px(88)
            name: "recorded"
        }

        Label {
            objectName: "message"
            width: parent.width
            height: contentHeight
            text: root.visit.words.thanks_headline
            color: Theme.fieldInk
            horizontalAlignment: Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.body
            font.pixelSize: Theme.elder ? Theme.px(50) : Theme.headline
            font.bold: true
        }

        Label {
            objectName: "promises"
            width: parent.width
            visible: text !== ""
            text: root.receipt.promises
            color: Theme.fieldQuiet
            horizontalAlignment: Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
            wrapMode: Text.Wrap
            lineHeight: 1.05
            font.pixelSize: Theme.caption
        }
    }

    Rectangle {
        id: card
        x: Theme.portrait ? Math.round((root.width - width) / 2) : Theme.from(root.width - width - Theme.margin - Theme.px(16), width, root.width)
        y: Theme.portrait ? texts.y + texts.height + root.gap : Math.round((done.y - height) / 2) + Theme.px(4)
        width: Math.max(Theme.px(Theme.elder ? 400 : 340), code.implicitWidth) + Theme.px(32)
        height: lines.height + Theme.px(36)
        radius: Theme.radius
        color: Theme.card

        Column {
            id: lines
            x: Theme.px(16)
            y: Theme.px(14)
            width: parent.width - 2 * x
            spacing: Theme.px(3)

            QrCode {
                id: code
                objectName: "receiptCode"
                anchors.horizontalCenter: parent.horizontalCenter
                modules: root.receipt.modules
                dpi: root.receipt.dpi
                wanted: Theme.px(Theme.portrait ? 240 : 200)
                Accessible.name: root.detail
            }

            Label {
                objectName: "receiptTitle"
                width: parent.width
                text: root.visit.words.receipt
                color: Theme.quiet
                horizontalAlignment: Text.AlignHCenter
                font.pixelSize: Theme.caption
            }

            Label {
                objectName: "receipt"
                width: parent.width
                text: root.receipt.code
                horizontalAlignment: Text.AlignHCenter
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.caption
                font.pixelSize: Theme.body
                font.bold: true
            }

            Label {
                objectName: "receiptPlace"
                width: parent.width
                text: root.visit.hall
                color: Theme.quiet
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                maximumLineCount: 2
                elide: Text.ElideRight
                lineHeight: Theme.leading
                font.pixelSize: Theme.caption
            }

            Label {
                objectName: "receiptDay"
                width: parent.width
                text: root.receipt.day
                color: Theme.quiet
                horizontalAlignment: Text.AlignHCenter
                font.pixelSize: Theme.caption
            }

            Label {
                objectName: "followUp"
                width: parent.width
                visible: root.receipt.followUpPage !== ""
                text: root.visit.words.follow_up
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                lineHeight: Theme.leading
                font.pixelSize: Theme.caption
            }
        }
    }

    PlainButton {
        id: done
        objectName: "doneButton"
        x: Theme.portrait ? Math.round((root.width - width) / 2) : card.x
        y: root.height - height - Theme.px(Theme.portrait ? 60 : 26)
        width: Theme.portrait ? Theme.px(260) : card.width
        label: root.visit.words.done
        textSize: Theme.body
        deaf: settling.running
        onTapped: root.details.skip()
    }
}
