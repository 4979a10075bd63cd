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

    // What a page has above its room where buttons stand low, beside the title and the note.
    property real aboveRoom: note.visible ? note.height : 0

    readonly property bool typing: root.keyboardHeight > 0
    // On a wide screen the two ways on then stand beside the field.
    readonly property bool beside: root.typing && !Theme.portrait
    // The field is not pressed while somebody types: it then takes the upper part as well.
    readonly property bool low: Theme.low && !root.typing
    readonly property bool deaf: settling.running
    readonly property alias room: room
    readonly property int footerHeight: Theme.target + (Theme.portrait && !root.typing && (Theme.low || help.visible) ? Theme.target + Theme.px(12) : 0)
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

    // Where buttons stand low, the upper part still says whose screen it is.
    HeaderBar {
        x: Theme.margin
        y: Theme.px(28)
        width: root.width - 2 * Theme.margin
        visible: root.low && header.y > y + height
        hall: root.visit.hall
        window: root.visit.window
        clerk: root.visit.clerk
    }

    Item {
        id: header
        x: Theme.margin
        y: root.low ? Theme.top(root.height) - root.aboveRoom - title.height - height - Theme.px(24) : Theme.px(root.typing && !Theme.portrait ? 8 : 20)
        width: root.width - 2 * Theme.margin
        height: root.low ? confirmed.height : Theme.portrait && change.shown ? confirmed.height + Theme.px(8) + Theme.target : Math.max(Theme.target, confirmed.height)

        Sign {
            id: tick
            x: Theme.from(0, width, header.width)
            anchors.verticalCenter: confirmed.verticalCenter
            side: Theme.px(Theme.elder ? 36 : 30)
            name: "confirmed"
        }

        Label {
            id: confirmed
            objectName: "confirmed"
            readonly property int start: tick.width + Theme.px(12)
            x: Theme.from(start, width, header.width)
            height: Theme.portrait ? Theme.px(Theme.elder ? 80 : 60) : Theme.target
            width: (Theme.portrait || !change.shown ? header.width : header.width - change.width - Theme.gap) - start
            text: Theme.portrait ? root.visit.headlineStacked : root.visit.headline
            color: Theme.accent
            verticalAlignment: Text.AlignVCenter
            fontSizeMode: Text.Fit
            wrapMode: Text.Wrap
            lineHeight: Theme.leading
            minimumPixelSize: Theme.smallest
            font.pixelSize: Theme.body
            font.bold: true
        }
    }

    Label {
        id: title
        objectName: "title"
        x: Theme.margin
        y: root.low ? Theme.top(root.height) - root.aboveRoom - height - Theme.px(12)
            : header.y + header.height + Theme.px(Theme.portrait ? 20 : Theme.elder ? 2 : 8)
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
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.caption
    }

    Item {
        id: room
        x: Theme.from(Theme.margin, width, root.width)
        y: root.low ? Theme.top(root.height) : root.typing ? header.y + header.height + Theme.px(8)
            : title.y + title.height + (note.visible ? note.height : 0) + Theme.px(Theme.elder && !Theme.portrait ? 8 : 16)
        width: root.width - 2 * Theme.margin - (root.beside ? skip.width + Theme.gap : 0)
        height: root.beside ? root.below - y : root.below - root.footerHeight - Theme.px(Theme.elder || root.typing ? 10 : 18) - y
    }

    PlainButton {
        id: help
        objectName: "helpButton"
        x: Theme.from(Theme.margin, width, root.width)
        y: root.below - root.footerHeight
        width: root.low ? skip.half : Theme.portrait ? root.width - 2 * Theme.margin
            : Math.min(implicitWidth, root.width - 2 * Theme.margin - 2 * (skip.half + Theme.gap))
        visible: root.details.help !== "" && !root.typing
        active: root.details.help !== "called"
        opacity: 1
        strong: root.details.help === "armed"
        deaf: root.deaf
        label: root.details.help === "armed" ? root.visit.words.help_confirm
            : root.details.help === "called" ? root.visit.words.help_called : root.visit.words.help
        onTapped: root.details.callForHelp()
    }

    PlainButton {
        id: change
        objectName: "changeButton"
        readonly property bool shown: root.details.changeOffered && !(root.typing && Theme.low)
        visible: change.shown
        width: root.low ? skip.half : Math.min(implicitWidth, Math.round(header.width * (Theme.portrait ? 1 : 0.5)))
        height: Theme.target
        x: Theme.from(root.width - width - Theme.margin, width, root.width)
        y: root.low ? help.y : Theme.portrait ? header.y + confirmed.height + Theme.px(8) : header.y
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

    // The same size and look: going on is no more welcome than passing by.
    PlainButton {
        id: skip
        objectName: "skipButton"
        readonly property int half: Theme.portrait ? Math.floor((root.width - 2 * Theme.margin - Theme.gap) / 2) : Theme.px(Theme.elder ? 190 : 170)
        readonly property int start: root.width - Theme.margin - width
        x: Theme.from(root.beside ? start : start - width - Theme.gap, width, root.width)
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
        x: Theme.from(root.width - Theme.margin - width, width, root.width)
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
