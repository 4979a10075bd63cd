pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// What every page after the press has in the same place: that the rating is recorded, how to take back a mis-press, the
// call for help, the two ways on, the time left. `room` is the page's own part.
Item {
    id: root

    required property VisitViewModel visit
    required property DetailsViewModel details
    required property string title
    required property string goOnLabel
    property string note
    // Height that the keyboard takes from below; while somebody types, what is not needed for it gives way.
    property real keyboardHeight: 0

    readonly property bool typing: root.keyboardHeight > 0
    // On a wide screen the two ways on then stand beside the field.
    readonly property bool beside: root.typing && !Theme.portrait
    readonly property bool deaf: settling.running
    readonly property alias room: room
    readonly property int footerHeight: Theme.target + (Theme.portrait && !root.typing && help.visible ? Theme.target + Theme.px(12) : 0)
    readonly property int below: root.height - root.keyboardHeight - Theme.px(root.typing ? 10 : 22)

    signal wentOn

    onVisibleChanged: if (root.visible) settling.restart()

    Timer {
        id: settling
        interval: Theme.guard
    }

    PointHandler {
        onActiveChanged: if (active) root.details.touch()
    }

    Item {
        id: header
        x: Theme.margin
        y: Theme.px(root.typing && !Theme.portrait ? 8 : 20)
        width: root.width - 2 * Theme.margin
        height: Theme.portrait && change.shown ? confirmed.height + Theme.px(8) + Theme.target : Math.max(Theme.target, confirmed.height)

        Sign {
            id: tick
            anchors.verticalCenter: confirmed.verticalCenter
            side: Theme.px(Theme.elder ? 36 : 30)
            name: "confirmed"
        }

        Label {
            id: confirmed
            objectName: "confirmed"
            x: tick.width + Theme.px(12)
            y: Theme.portrait ? 0 : Math.round((Theme.target - height) / 2)
            width: (Theme.portrait || !change.shown ? header.width : header.width - change.width - Theme.gap) - x
            text: Theme.portrait ? root.visit.headlineStacked : root.visit.headline
            color: Theme.accent
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.caption
            font.pixelSize: Theme.body
            font.bold: true
        }

        PlainButton {
            id: change
            objectName: "changeButton"
            readonly property bool shown: root.details.changeOffered
            visible: change.shown
            anchors.right: parent.right
            y: Theme.portrait ? confirmed.height + Theme.px(8) : 0
            height: Theme.target
            label: root.visit.words.change
            deaf: root.deaf
            onTapped: root.details.askForChange()

            TimeBar {
                id: changeBar
                x: Theme.radius
                y: parent.height - height - Theme.px(5)
                width: parent.width - 2 * x
                height: Theme.px(4)
                radius: height / 2
                Accessible.ignored: true

                Component.onCompleted: follow(root.details.changeShare, root.details.changeInMs)
            }
        }

        Connections {
            target: root.details
            function onChangeOfferChanged(): void {
                changeBar.follow(root.details.changeShare, root.details.changeInMs);
            }
        }
    }

    Label {
        id: title
        objectName: "title"
        x: Theme.margin
        y: header.y + header.height + Theme.px(Theme.portrait ? 20 : Theme.elder ? 2 : 8)
        width: root.width - 2 * Theme.margin
        visible: !root.typing
        text: root.details.changeFailed ? root.visit.words.change_failed : root.title
        fontSizeMode: Theme.portrait ? Text.FixedSize : Text.HorizontalFit
        wrapMode: Theme.portrait ? Text.Wrap : Text.NoWrap
        minimumPixelSize: Theme.body
        font.pixelSize: Theme.title
        font.bold: true
    }

    Label {
        id: note
        objectName: "note"
        x: Theme.margin
        y: title.y + title.height
        width: root.width - 2 * Theme.margin
        visible: text !== "" && !root.typing
        text: root.note
        color: Theme.quiet
        font.pixelSize: Theme.caption
    }

    Item {
        id: room
        x: Theme.margin
        y: root.typing ? header.y + header.height + Theme.px(8)
            : title.y + title.height + (note.visible ? note.height : 0) + Theme.px(Theme.elder && !Theme.portrait ? 8 : 16)
        width: root.width - 2 * Theme.margin - (root.beside ? skip.width + Theme.gap : 0)
        height: root.beside ? root.below - y : root.below - root.footerHeight - Theme.px(Theme.elder || root.typing ? 10 : 18) - y
    }

    PlainButton {
        id: help
        objectName: "helpButton"
        x: Theme.margin
        y: root.below - root.footerHeight
        width: Theme.portrait ? root.width - 2 * Theme.margin : implicitWidth
        visible: root.details.help !== "" && !root.typing
        active: root.details.help !== "called"
        opacity: 1
        strong: root.details.help === "armed"
        deaf: root.deaf
        label: root.details.help === "armed" ? root.visit.words.help_confirm
            : root.details.help === "called" ? root.visit.words.help_called : root.visit.words.help
        onTapped: root.details.callForHelp()
    }

    // The same size and look: going on is no more welcome than passing by.
    PlainButton {
        id: skip
        objectName: "skipButton"
        readonly property int half: Theme.portrait ? Math.floor((root.width - 2 * Theme.margin - Theme.gap) / 2) : Theme.px(Theme.elder ? 190 : 170)
        x: root.beside ? goOn.x : goOn.x - width - Theme.gap
        y: root.beside ? room.y : goOn.y
        width: half
        label: root.visit.words.skip
        textSize: Theme.body
        deaf: root.deaf
        onTapped: root.details.skip()
    }

    PlainButton {
        id: goOn
        objectName: "goOnButton"
        x: root.width - Theme.margin - width
        y: root.beside ? room.y + Theme.target + Theme.px(8) : root.below - height
        width: skip.half
        label: root.goOnLabel
        textSize: Theme.body
        deaf: root.deaf
        onTapped: root.wentOn()
    }

    TimeBar {
        id: bar
        y: root.height - root.keyboardHeight - height
        width: parent.width
        height: Theme.px(6)
        Accessible.ignored: true

        Component.onCompleted: follow(root.details.openShare, root.details.closesInMs)
    }

    Connections {
        target: root.details
        function onClosingChanged(): void {
            bar.follow(root.details.openShare, root.details.closesInMs);
        }
    }
}
