pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window

// A code of at least 40 mm, its modules whole pixels of the panel and never fewer than four of them; on white, whatever
// stands around it.
Rectangle {
    id: root

    // `side` in modules with the quiet zone, `runs` flat: column, row, length.
    required property var modules
    required property real dpi
    // May be larger where there is room; in pixels of the panel.
    property real wanted: 0

    readonly property real smallest: 40 / 25.4 * root.dpi
    readonly property int side: Math.max(1, root.modules.side)
    readonly property real module: Math.max(4, Math.ceil(Math.max(root.smallest, root.wanted) / root.side)) / Screen.devicePixelRatio

    implicitWidth: root.side * root.module
    implicitHeight: implicitWidth
    color: "white"
    visible: root.modules.side > 0
    Accessible.role: Accessible.Graphic

    Repeater {
        model: root.modules.runs.length / 3

        Rectangle {
            required property int index
            x: root.modules.runs[3 * index] * root.module
            y: root.modules.runs[3 * index + 1] * root.module
            width: root.modules.runs[3 * index + 2] * root.module
            height: root.module
            color: "black"
        }
    }
}
