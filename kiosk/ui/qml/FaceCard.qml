pragma ComponentBehavior: Bound
import QtQuick

// One of the five. All five are built from this file and differ in drawing and words alone.
Pressable {
    id: root

    required property int level
    required property string word
    required property string other
    required property FaceLayout plan
    required property int turn

    signal chosen(int turn)

    property int turnWhenTouched

    onBegan: root.turnWhenTouched = root.turn
    onTapped: root.chosen(root.turnWhenTouched)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: root.held ? Theme.accentSoft : Theme.card
        border.width: Theme.edge(root.held)
        border.color: root.held ? Theme.accent : Theme.line
    }

    Image {
        x: Theme.from(root.plan.faceX, root.plan.side, root.width)
        y: root.plan.faceY
        width: root.plan.side
        height: root.plan.side
        sourceSize: Qt.size(root.plan.side, root.plan.side)
        source: Qt.resolvedUrl("../../../assets/faces/face" + root.level + ".svg")
    }

    Label {
        x: Theme.from(root.plan.wordX, root.plan.wordWidth, root.width)
        y: root.plan.wordY
        width: root.plan.wordWidth
        height: root.plan.wordHeight
        text: root.word
        spoken: false
        horizontalAlignment: root.plan.rows ? Text.AlignLeft : Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        lineHeight: root.plan.leading
        font.pixelSize: root.plan.wordSize
        font.bold: true
    }

    Label {
        x: Theme.from(root.plan.otherX, root.plan.otherWidth, root.width)
        y: root.plan.otherY
        width: root.plan.otherWidth
        height: root.plan.otherHeight
        text: root.other
        spoken: false
        color: Theme.quiet
        horizontalAlignment: root.plan.oneLine ? Text.AlignRight : root.plan.rows ? Text.AlignLeft : Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        font.pixelSize: root.plan.otherSize
    }
}
