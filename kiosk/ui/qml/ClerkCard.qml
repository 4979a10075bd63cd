pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Who serves here: photo or initials, name or number, post, and the department where it is not the window's own.
Row {
    id: root

    required property VisitViewModel visit
    required property ClerkCardViewModel card

    readonly property int side: Theme.px(Theme.elder ? 112 : 104)
    // For the words beside the photo.
    property real room: Theme.px(420)

    spacing: Theme.px(20)

    Rectangle {
        objectName: "clerkPhoto"
        width: root.side
        height: root.side
        radius: Theme.radius
        color: Theme.card
        border.width: Math.max(1, Theme.px(1))
        border.color: Theme.line
        clip: true

        Image {
            anchors.fill: parent
            anchors.margins: parent.border.width
            visible: root.card.photo !== ""
            source: root.card.photo
            cache: false
            fillMode: Image.PreserveAspectCrop
        }

        Label {
            objectName: "clerkInitials"
            anchors.centerIn: parent
            visible: root.card.photo === "" && text !== ""
            text: root.card.initials
            spoken: false
            color: Theme.accent
            font.pixelSize: Theme.px(40)
            font.bold: true
        }

        // Neither photo nor a name to shorten: a figure.
        Rectangle {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.round(root.side * 0.2)
            width: Math.round(root.side * 0.3)
            height: width
            radius: width / 2
            visible: root.card.photo === "" && root.card.initials === ""
            color: Theme.line
        }
        Rectangle {
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.round(root.side * 0.56)
            width: Math.round(root.side * 0.56)
            height: root.side - y + Theme.radius
            radius: width / 2
            visible: root.card.photo === "" && root.card.initials === ""
            color: Theme.line
        }
    }

    Column {
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(2)

        Label {
            objectName: "clerkTitle"
            width: Math.min(implicitWidth, root.room)
            text: root.card.title !== "" ? root.card.title : root.visit.clerkNumber
            elide: Text.ElideRight
            font.pixelSize: Theme.title
            font.bold: true
        }

        Label {
            objectName: "clerkPost"
            width: Math.min(implicitWidth, root.room)
            visible: text !== ""
            text: [root.card.department, root.card.post].filter(part => part !== "").join("  ·  ")
            elide: Text.ElideRight
            color: Theme.quiet
            font.pixelSize: Theme.caption
        }

        Label {
            objectName: "clerkNumber"
            width: Math.min(implicitWidth, root.room)
            visible: root.card.title !== ""
            text: root.visit.clerkNumber
            elide: Text.ElideRight
            color: Theme.quiet
            font.pixelSize: Theme.caption
        }
    }
}
