pragma ComponentBehavior: Bound
import QtQuick

// One key of the test: its words, and what came when it was pressed.
Item {
    id: root

    required property int level
    required property string word
    required property string finding
    required property string said

    readonly property bool wrong: root.finding === "swapped" || root.finding === "missing"

    implicitHeight: Theme.px(70)

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(10)
        visible: root.finding === "wanted"
        color: Theme.accentSoft
    }

    Image {
        id: face
        x: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(44)
        height: width
        sourceSize: Qt.size(width, height)
        source: Qt.resolvedUrl("../../../assets/faces/face" + root.level + ".svg")
    }

    Label {
        id: name
        anchors.left: face.right
        anchors.leftMargin: Theme.px(14)
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, Math.round(root.width * 0.42))
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        text: root.word
        font.pixelSize: Theme.deskText
        font.bold: root.finding === "wanted"
    }

    Sign {
        id: sign
        visible: root.wrong
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        side: Theme.px(26)
        name: "alarm"
    }

    Label {
        objectName: "key" + root.level
        anchors.left: name.right
        anchors.leftMargin: Theme.px(12)
        anchors.right: parent.right
        anchors.rightMargin: root.wrong ? Theme.px(46) : Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        height: root.height - Theme.px(4)
        horizontalAlignment: Text.AlignRight
        verticalAlignment: Text.AlignVCenter
        text: root.said
        wrapMode: Text.Wrap
        fontSizeMode: Text.Fit
        minimumPixelSize: 18
        lineHeight: Theme.leading
        color: root.wrong ? Theme.alarm : Theme.quiet
        font.pixelSize: Theme.deskText
        font.bold: root.wrong
    }
}
