pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Said when a palm or two fingers were laid on the faces: why nothing happened.
Rectangle {
    id: root

    required property VisitViewModel visit

    // On an upright screen the other half is the button's.
    width: Math.min(plain.advanceWidth + Theme.px(44), Theme.px(Theme.portrait ? 252 : 640))
    height: Theme.target + Theme.px(8)
    radius: Theme.radius
    color: Theme.accent
    Accessible.role: Accessible.AlertMessage
    Accessible.name: root.visit.words.one_finger

    TextMetrics {
        id: plain
        text: root.visit.words.one_finger
        font.family: Theme.family
        font.pixelSize: Theme.body
    }

    Label {
        objectName: "oneFinger"
        anchors.centerIn: parent
        width: root.width - Theme.px(24)
        text: root.visit.words.one_finger
        horizontalAlignment: Text.AlignHCenter
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.smallest
        spoken: false
        color: Theme.bright
        font.pixelSize: Theme.body
    }
}
