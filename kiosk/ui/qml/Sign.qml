import QtQuick

// A drawing of assets/icons, square, in the colours of the scheme.
Image {
    required property string name
    required property real side

    width: side
    height: side
    sourceSize: Qt.size(side, side)
    source: name === "" ? "" : Theme.sign(name)
}
