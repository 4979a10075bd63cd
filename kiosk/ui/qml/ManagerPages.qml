pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The PIN pad, then the desk. Covers everything; loaded when the manager comes, gone when they leave.
Rectangle {
    id: root

    required property DeskViewModel desk

    color: Theme.paper

    // Keeps touches from the screen below, and tells that somebody is there.
    TapHandler {
        id: handler
        gesturePolicy: TapHandler.ReleaseWithinBounds
        onPressedChanged: if (handler.pressed) root.desk.stir()
    }

    PinPad {
        objectName: "pinPad"
        anchors.fill: parent
        visible: root.desk.page === "pin"
        desk: root.desk
    }

    DeskPage {
        objectName: "deskPage"
        anchors.fill: parent
        visible: root.desk.page === "desk"
        desk: root.desk
    }

    PlainButton {
        objectName: "deskClose"
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        y: Theme.px(22)
        textSize: Theme.deskText
        label: root.desk.words.close
        onTapped: root.desk.close()
    }
}
