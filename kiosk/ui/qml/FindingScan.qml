pragma ComponentBehavior: Bound
import QtQuick

// Waiting for the scanner. What is wrong with a slip is said in the note, above the sign.
FindingFrame {
    id: root

    Sign {
        parent: root.room
        anchors.centerIn: parent
        side: Math.min(Theme.px(220), parent.height)
        name: "find-scan"
    }
}
