pragma Singleton
pragma ComponentBehavior: Bound
import QtQuick

// Colours, sizes and type. Everything scales from the window; nothing else in this folder names a colour or a pixel.
QtObject {
    property real width: 1024
    property real height: 600
    // Larger text for those who see less well.
    property bool elder: false
    // How long a press may take to be recorded before the screen says that it is still busy, ms.
    property int patience: 400
    // For how long a screen that has just turned answers no tap, ms: a second tap was meant for the one before.
    property int guard: 500

    readonly property bool portrait: height > width
    readonly property real unit: Math.min(portrait ? width / 600 : width / 1024, portrait ? height / 1024 : height / 600)

    readonly property color paper: "#f4f6f3"
    readonly property color card: "#ffffff"
    readonly property color line: "#cdd8d6"
    readonly property color ink: "#17323a"
    readonly property color quiet: "#4b626a"
    readonly property color accent: "#0e5a6b"
    readonly property color bright: "#ffffff"
    readonly property color brightQuiet: "#cfe4e7"
    readonly property color accentSoft: "#dcebec"
    readonly property color motif: "#e6edeb"
    readonly property color sand: "#fbf1df"
    readonly property color alarm: "#9a3412"

    readonly property int margin: px(40)
    readonly property int gap: px(16)
    readonly property int radius: px(16)
    readonly property int target: px(60)
    readonly property int corner: Math.max(88, px(88))

    readonly property int caption: px(elder ? 24 : 18)
    readonly property int body: px(elder ? 30 : 22)
    readonly property int option: px(elder ? 24 : 20)
    readonly property int title: px(elder ? 30 : 26)
    readonly property int headline: px(elder ? 64 : 40)
    readonly property int display: px(elder ? 92 : 64)
    // Of lines of one text: the CJK face carries its own air above and below.
    readonly property real leading: 0.88
    // The manager's pages keep one size: they must hold a whole day's figures.
    readonly property int deskText: px(18)
    readonly property int deskTitle: px(28)
    readonly property int deskFigure: px(34)

    // Of bytes: every digit as wide as the next.
    readonly property string mono: "monospace"

    // A share of the smallest window that is supported, 1024x600 (600x1024 upright).
    function px(size: real): int {
        return Math.round(size * unit);
    }
}
