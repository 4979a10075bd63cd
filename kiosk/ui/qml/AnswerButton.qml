pragma ComponentBehavior: Bound
import QtQuick

// One answer of a question: a star, filled up to the one chosen, or words with a heavier edge and a tick.
Pressable {
    id: root

    required property int value
    // Empty: a star.
    required property string words
    // The value chosen; 0: none yet.
    required property int given

    readonly property bool star: root.words === ""

    checkable: true
    checked: root.given === root.value

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(12)
        color: root.held || (root.checked && !root.star) ? Theme.accentSoft : Theme.card
        border.width: Theme.edge(root.held || root.checked)
        border.color: root.held || root.checked ? Theme.accent : Theme.line
    }

    Sign {
        anchors.centerIn: parent
        visible: root.star
        side: Theme.px(Theme.elder ? 44 : 36)
        name: root.value <= root.given ? "star" : "star-empty"
    }

    Label {
        anchors.centerIn: parent
        width: parent.width - Theme.px(12)
        visible: !root.star
        text: (root.checked ? "✓ " : "") + root.words
        spoken: false
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.caption
    }
}
