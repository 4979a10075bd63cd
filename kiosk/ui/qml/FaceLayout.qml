pragma ComponentBehavior: Bound
import QtQuick

// Where face and words stand on a card: reckoned once, the same for all five.
QtObject {
    id: root

    required property bool rows
    required property bool latin
    required property real width
    required property real height
    // What stands on the cards: lines of words, and the words of the other language.
    required property list<string> lines
    required property list<string> others

    // Side by side: English words stand on two lines, and so do the large Chinese ones.
    readonly property bool stacked: !root.rows && (Theme.elder || root.latin)
    // Low rows: the words of the other language stand at the right edge.
    readonly property bool oneLine: root.rows && !Theme.portrait

    // All five alike: as large as the widest of them allows.
    readonly property int wordSize: root.fitted(root.fullWordSize, root.widest(root.boldGauge, root.lines, Theme.family), root.textRoom)
    readonly property int fullWordSize: root.rows ? Math.min(Theme.px(root.rowSize), root.wordRoom) : Theme.px(root.columnSize)
    readonly property real textRoom: !root.rows ? root.width - Theme.px(8)
        : root.wordWidth - Theme.px(16) - (root.oneLine ? root.otherSize * root.widest(root.gauge, root.others, Theme.family) + Theme.px(24) : 0)
    // What is as wide as a text of 100 px: a method of theirs says so, which no binding follows.
    readonly property FontMetrics boldGauge: FontMetrics {
        font.family: Theme.family
        font.pixelSize: 100
        font.bold: true
    }
    readonly property FontMetrics gauge: FontMetrics {
        font.family: Theme.family
        font.pixelSize: 100
    }
    readonly property int wordRoom: root.oneLine ? root.height : (root.height - root.otherHeight) / 1.3
    readonly property int rowSize: !Theme.elder ? 34 : root.latin ? (Theme.portrait ? 38 : 40) : 56
    readonly property int columnSize: root.latin ? 23 : Theme.elder ? 50 : 28
    readonly property int otherSize: root.rows ? root.fullOtherSize
        : root.fitted(root.fullOtherSize, root.widest(root.gauge, root.others, Theme.family), root.width - Theme.px(6))
    readonly property int fullOtherSize: Theme.px(!root.rows ? 18 : Theme.elder ? 26 : 20)
    // The CJK face carries its own air above and below.
    readonly property real leading: root.oneLine ? 1 : 0.86

    readonly property FontMetrics wordMetrics: FontMetrics {
        font.family: Theme.family
        font.pixelSize: root.wordSize
        font.bold: true
    }
    readonly property FontMetrics otherMetrics: FontMetrics {
        font.family: Theme.family
        font.pixelSize: root.otherSize
    }

    readonly property real wordHeight: Math.ceil(root.wordMetrics.height * root.leading * (root.stacked ? 2 : 1))
    readonly property real otherHeight: Math.ceil(root.otherMetrics.height)
    readonly property real textHeight: root.oneLine ? root.wordHeight : root.wordHeight + root.otherHeight

    readonly property int pad: Theme.px(root.oneLine ? 6 : root.rows ? 14 : 16)
    readonly property int side: root.rows ? Math.min(root.height - 2 * root.pad, Theme.px(104))
        : Math.min(root.width - 2 * root.pad, root.height - 2 * root.pad - root.gap - root.textHeight)
    readonly property int gap: Theme.px(root.rows ? 26 : 12)
    readonly property int free: root.height - root.side - root.gap - root.textHeight

    readonly property int faceX: root.rows ? Theme.px(20) : Math.round((root.width - root.side) / 2)
    readonly property int faceY: Math.round((root.rows ? root.height - root.side : root.free) / 2)

    readonly property int wordX: root.rows ? root.faceX + root.side + root.gap : 0
    readonly property int wordY: root.rows ? Math.round((root.height - root.textHeight) / 2)
        : root.faceY + root.side + root.gap
    readonly property int wordWidth: root.width - root.wordX

    readonly property int otherX: root.wordX
    readonly property int otherY: root.oneLine ? Math.round((root.height - root.otherHeight) / 2) : root.wordY + root.wordHeight
    readonly property int otherWidth: root.wordWidth - (root.oneLine ? Theme.px(24) : 0)

    // Of the widest text, in widths of its size. `family` is what the answer changes with.
    function widest(metrics: FontMetrics, texts: list<string>, family: string): real {
        return family === "" ? 0 : Math.max(0, ...texts.map(text => metrics.advanceWidth(text))) / 100;
    }

    function fitted(full: int, wide: real, room: real): int {
        return full * wide > room ? Math.max(18, Math.floor(room / wide)) : full;
    }
}
