pragma ComponentBehavior: Bound
import QtQuick

// Waiting for the scanner. What is wrong with a slip is said in the note, above the sign.
FindingFrame {
    id: root

    Image {
        parent: root.room
        anchors.centerIn: parent
        width: Math.min(Theme.px(220), parent.height)
        height: width
        sourceSize: Qt.size(width, height)
        source: Qt.resolvedUrl("../../../assets/icons/find-scan.svg")
    }
}
