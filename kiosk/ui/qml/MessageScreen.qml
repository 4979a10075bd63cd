pragma ComponentBehavior: Bound
import QtQuick

// One sign, one sentence and, in small, what goes with it.
Rectangle {
    id: root

    required property string sign
    required property string headline
    property string detail
    property color tone: Theme.ink
    property color detailTone: Theme.quiet
    // Kept free at the right edge for what stands beside.
    property real aside: 0

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.margin
        anchors.rightMargin: Theme.margin + root.aside
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(26)

        Sign {
            anchors.horizontalCenter: parent.horizontalCenter
            side: Theme.px(112)
            name: root.sign
        }

        Label {
            objectName: "message"
            width: parent.width
            height: contentHeight
            text: root.headline
            color: root.tone
            horizontalAlignment: Text.AlignHCenter
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.smallest
            font.pixelSize: Theme.headline
            font.bold: true
        }

        Label {
            objectName: "detail"
            width: parent.width
            visible: text !== ""
            text: root.detail
            color: root.detailTone
            horizontalAlignment: Text.AlignHCenter
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.caption
            font.pixelSize: Theme.body
        }
    }
}
