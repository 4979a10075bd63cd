pragma ComponentBehavior: Bound
import QtQuick

// What page this is, and in small what goes with it. Leaves room for the buttons on the right: a title that is too long
// for one line is set smaller, on two.
Item {
    id: root

    required property string title
    required property int taken
    property string more

    readonly property bool tooLong: metrics.width > root.width

    x: Theme.margin
    y: Theme.px(22)
    width: parent ? parent.width - root.taken - Theme.margin : 0
    height: Theme.target

    TextMetrics {
        id: metrics
        text: root.title
        font.family: Theme.family
        font.pixelSize: Theme.deskTitle
        font.bold: true
    }

    Label {
        id: name
        objectName: "deskTitle"
        width: root.width
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: small.below ? -Theme.px(14) : 0
        text: root.title
        wrapMode: root.tooLong && root.more === "" ? Text.Wrap : Text.NoWrap
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 18
        lineHeight: root.tooLong ? Theme.leading : 1
        font.pixelSize: root.tooLong ? Theme.px(20) : Theme.deskTitle
        font.bold: true
    }

    Label {
        id: small
        objectName: "deskDay"
        readonly property bool below: text !== "" && metrics.width + Theme.px(16) + implicitWidth > root.width
        visible: text !== ""
        anchors.baseline: name.baseline
        anchors.baselineOffset: small.below ? Theme.px(30) : 0
        x: small.below ? 0 : metrics.width + Theme.px(16)
        text: root.more
        color: Theme.quiet
        font.pixelSize: Theme.deskText
    }
}
