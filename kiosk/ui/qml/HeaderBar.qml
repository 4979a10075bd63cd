pragma ComponentBehavior: Bound
import QtQuick

// Whose screen this is: one line, or two on an upright screen. Leaves the upper right corner free.
Item {
    id: root

    required property string hall
    property string window
    property string clerk

    readonly property string place: [root.window, root.clerk].filter(text => text !== "").join("  ·  ")
    readonly property int textSize: Theme.px(Theme.elder ? 22 : 18)

    implicitHeight: Theme.portrait && root.place !== "" ? where.y + where.height : hall.height

    Label {
        id: hall
        objectName: "hall"
        x: Theme.from(0, width, root.width)
        width: Math.min(implicitWidth, root.width - (Theme.portrait || root.place === "" ? 0 : where.width + line.gap))
        text: root.hall
        color: Theme.quiet
        elide: Text.ElideRight
        font.pixelSize: root.textSize
        font.bold: true
    }

    Rectangle {
        id: line
        readonly property int gap: Theme.px(32)
        visible: root.place !== "" && !Theme.portrait
        x: Theme.from(hall.width + Math.round(line.gap / 2), width, root.width)
        width: Math.max(1, Theme.px(1))
        height: root.textSize
        anchors.verticalCenter: hall.verticalCenter
        color: Theme.line
    }

    Label {
        id: where
        objectName: "where"
        visible: root.place !== ""
        x: Theme.from(Theme.portrait ? 0 : hall.width + line.gap, width, root.width)
        y: Theme.portrait ? hall.height : 0
        width: Math.min(implicitWidth, Theme.portrait ? root.width : root.width * 0.6)
        elide: Text.ElideRight
        text: root.place
        color: Theme.quiet
        font.pixelSize: root.textSize
    }
}
