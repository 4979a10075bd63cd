pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// One of the hall's slides over the whole screen. A touch takes it away and presses nothing.
Rectangle {
    id: root

    required property VisitViewModel visit
    required property RestingViewModel rest

    color: Theme.paper
    Accessible.role: Accessible.Graphic
    Accessible.name: root.visit.words.slide_hint

    Image {
        objectName: "slide"
        anchors.fill: parent
        source: root.rest.slide
        cache: false
        fillMode: Image.PreserveAspectFit
    }

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        y: root.height - height - Theme.px(24)
        width: hint.width + Theme.px(48)
        height: hint.height + Theme.px(20)
        radius: height / 2
        color: Theme.card
        border.width: Math.max(1, Theme.px(1))
        border.color: Theme.line

        Label {
            id: hint
            objectName: "slideHint"
            anchors.centerIn: parent
            text: root.visit.words.slide_hint
            font.pixelSize: Theme.body
        }
    }
}
