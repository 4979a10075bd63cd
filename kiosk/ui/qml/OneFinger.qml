pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Said when a palm or two fingers were laid on the faces: why nothing happened.
Rectangle {
    id: root

    required property VisitViewModel visit

    width: words.width + Theme.px(40)
    height: Math.max(Theme.target, words.height + Theme.px(16))
    radius: Theme.radius
    color: Theme.accent
    Accessible.role: Accessible.AlertMessage
    Accessible.name: root.visit.words.one_finger

    Label {
        id: words
        objectName: "oneFinger"
        anchors.centerIn: parent
        text: root.visit.words.one_finger
        spoken: false
        color: Theme.bright
        font.pixelSize: Theme.body
    }
}
