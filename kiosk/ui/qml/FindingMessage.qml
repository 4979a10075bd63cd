pragma ComponentBehavior: Bound
import QtQuick

// The number is being looked up, or cannot be rated here.
FindingFrame {
    id: root

    readonly property bool refused: root.finding.page === "refused"

    Sign {
        parent: root.room
        anchors.centerIn: parent
        visible: root.refused
        side: Math.min(Theme.px(140), parent.height)
        name: "not-recorded"
    }

    Label {
        objectName: "lookedUp"
        parent: root.room
        width: parent.width
        height: parent.height
        visible: !root.refused
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignHCenter
        text: root.finding.typed
        wrapMode: Text.Wrap
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(18)
        font.pixelSize: Theme.px(40)
        font.bold: true
    }
}
