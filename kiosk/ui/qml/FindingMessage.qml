pragma ComponentBehavior: Bound
import QtQuick

// The number is being looked up, or cannot be rated here.
FindingFrame {
    id: root

    readonly property bool refused: root.finding.page === "refused"

    Image {
        parent: root.room
        anchors.centerIn: parent
        width: Math.min(Theme.px(140), parent.height)
        height: width
        visible: root.refused
        sourceSize: Qt.size(width, height)
        source: Qt.resolvedUrl("../../../assets/icons/not-recorded.svg")
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
