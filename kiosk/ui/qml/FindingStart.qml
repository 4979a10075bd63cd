pragma ComponentBehavior: Bound
import QtQuick

// A terminal at rest: the ways to what is to be rated. The large ones are alike; what needs no finding stands below.
FindingFrame {
    id: root

    leaves: false

    readonly property var large: root.finding.ways.filter(way => way === "scan" || way === "number" || way === "item")
    readonly property var small: root.finding.ways.filter(way => way === "later" || way === "hall" || way === "terminal")
    readonly property int smallHeight: root.small.length > 0 ? Theme.px(Theme.elder ? 84 : 76) : 0
    readonly property int largeHeight: Theme.portrait ? Theme.px(Theme.elder ? 140 : 132)
        : Math.min(Theme.px(300), root.room.height - (root.small.length > 0 ? root.smallHeight + Theme.gap : 0))
    // Upright, three stand in two rows, the first of them alone.
    readonly property int alone: Theme.portrait && root.small.length > 2 ? 1 : 0
    readonly property int smallTop: Theme.portrait ? root.room.height - (root.alone + 1) * (root.smallHeight + Theme.gap) + Theme.gap : root.largeHeight + Theme.gap
    readonly property int largeTop: Theme.portrait ? root.smallTop - root.large.length * (root.largeHeight + Theme.gap) : 0

    function named(way: string): string {
        const words = root.visit.words;
        return way === "scan" ? words.find_scan : way === "number" ? words.find_number : way === "item" ? words.find_item
            : way === "later" ? words.find_later : way === "hall" ? words.find_hall : words.find_terminal;
    }

    Item {
        parent: root.room
        width: root.room.width
        height: root.room.height

        Repeater {
            model: root.large

            WayCard {
                required property string modelData
                required property int index
                readonly property int across: Math.floor((root.room.width - (root.large.length - 1) * Theme.gap) / Math.max(1, root.large.length))

                objectName: "way-" + modelData
                way: modelData
                label: root.named(modelData)
                x: Theme.portrait ? 0 : index * (across + Theme.gap)
                y: Theme.portrait ? root.largeTop + index * (root.largeHeight + Theme.gap) : 0
                width: Theme.portrait ? root.room.width : across
                height: root.largeHeight
                deaf: root.deaf
                onTapped: root.finding.begin(modelData)
            }
        }

        Repeater {
            model: root.small

            PlainButton {
                required property string modelData
                required property int index

                objectName: "way-" + modelData
                label: root.named(modelData)
                textSize: Theme.body
                readonly property bool alone: index < root.alone
                readonly property int beside: Math.max(1, root.small.length - root.alone)
                width: alone ? root.room.width : Math.floor((root.room.width - (beside - 1) * Theme.gap) / beside)
                height: root.smallHeight
                x: alone ? 0 : (index - root.alone) * (width + Theme.gap)
                y: root.smallTop + (alone || root.alone === 0 ? 0 : height + Theme.gap)
                deaf: root.deaf
                onTapped: root.finding.begin(modelData)
            }
        }
    }
}
