pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// While the glass is wiped: nothing answers, and a bar says for how long.
MessageScreen {
    id: root

    required property VisitViewModel visit
    required property RestingViewModel rest

    color: Theme.paper
    sign: "cleaning"
    headline: root.visit.words.cleaning_headline
    detail: root.visit.words.cleaning_note

    TimeBar {
        objectName: "cleaningBar"
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.px(6)
        Component.onCompleted: follow(1, root.rest.cleaningMs)
    }
}
