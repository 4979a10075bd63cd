pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// What every page of the finding has in the same place: whose screen it is, what is asked, the ways back, the time left.
// `room` is the page's own part; on an upright screen it reaches down to where a hand rests.
Item {
    id: root

    required property VisitViewModel visit
    required property FindingViewModel finding
    property string note: root.finding.note
    property bool leaves: true
    // Where large type leaves no room, the note gives way: the page shows by itself what is to be done.
    property bool brief: false

    signal choose

    readonly property bool deaf: settling.running
    readonly property alias room: room
    readonly property int footerY: back.y

    // A second tap on what led here was meant for the page before, also where that looks the same.
    readonly property string turned: root.finding.page + root.finding.title + root.visible
    onTurnedChanged: if (root.visible) settling.restart()

    Timer {
        id: settling
        interval: Theme.guard
    }

    PointHandler {
        onActiveChanged: if (active) root.finding.touch()
    }

    HeaderBar {
        id: header
        x: Theme.margin
        y: Theme.px(Theme.elder && !Theme.portrait ? 14 : 24)
        width: root.width - Theme.margin - Theme.corner - Theme.gap
        hall: root.visit.hall
        window: root.visit.window
    }

    Label {
        id: title
        objectName: "title"
        x: Theme.margin
        y: header.y + header.height + Theme.px(Theme.portrait ? 48 : Theme.elder ? 2 : 10)
        width: root.width - 2 * Theme.margin
        height: contentHeight
        text: root.finding.title
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.smallest
        font.pixelSize: Theme.px(Theme.elder ? 44 : 34)
        font.bold: true
    }

    Label {
        id: note
        objectName: "note"
        x: Theme.margin
        y: title.y + title.height + Theme.px(Theme.portrait ? 8 : 0)
        width: root.width - 2 * Theme.margin
        visible: text !== "" && !(root.brief && Theme.elder && !Theme.portrait)
        text: root.note
        color: Theme.quiet
        wrapMode: Text.Wrap
        font.pixelSize: Theme.body
    }

    Item {
        id: room
        readonly property int ceiling: title.y + title.height + (note.visible ? note.height : 0) + Theme.px(Theme.elder && !Theme.portrait ? 8 : 18)
        x: Theme.margin
        y: room.ceiling
        width: root.width - 2 * Theme.margin
        height: back.y - Theme.px(Theme.elder && !Theme.portrait ? 12 : 20) - room.ceiling
    }

    PlainButton {
        id: back
        objectName: "backButton"
        x: Theme.from(Theme.margin, width, root.width)
        y: root.height - height - Theme.px(Theme.portrait ? 40 : 20)
        visible: root.leaves
        label: root.visit.words.back
        textSize: Theme.body
        deaf: root.deaf
        onTapped: root.finding.goBack()
    }

    PlainButton {
        objectName: "cancelButton"
        x: Theme.from(Theme.margin + back.width + Theme.gap, width, root.width)
        y: back.y
        visible: root.leaves
        label: root.visit.words.find_cancel
        textSize: Theme.body
        deaf: root.deaf
        onTapped: root.finding.cancel()
    }

    PlainButton {
        objectName: "choiceButton"
        x: Theme.from(root.width - Theme.margin - width, width, root.width)
        y: back.y
        height: back.height
        visible: !root.leaves
        width: Math.min(implicitWidth, Math.round(root.width / 2))
        label: root.visit.words.view
        onTapped: root.choose()
    }

    TimeBar {
        id: bar
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.px(6)
        visible: root.leaves
        Accessible.ignored: true

        Component.onCompleted: follow(root.finding.openShare, root.finding.closesInMs)
    }

    Connections {
        target: root.finding
        function onClosingChanged(): void {
            bar.follow(root.finding.openShare, root.finding.closesInMs);
        }
    }
}
