pragma Singleton
pragma ComponentBehavior: Bound
import QtQuick

// Colours, sizes and type. Everything scales from the window; nothing else in this folder names a colour or a pixel.
QtObject {
    id: root

    property real width: 1024
    property real height: 600
    // Larger text for those who see less well.
    property bool elder: false
    // "light", "dark" or "contrast".
    property string scheme: "light"
    // On a tall screen all that is pressed stands where an arm from a wheelchair reaches.
    property bool low: false
    // Bars of time go in steps.
    property bool calm: false
    // The language of the citizen is written from right to left.
    property bool mirrored: false
    // How long a press may take to be recorded before the screen says that it is still busy, ms.
    property int patience: 400
    // For how long a screen that has just turned answers no tap, ms: a second tap was meant for the one before.
    property int guard: 500

    readonly property bool portrait: height > width
    readonly property real unit: Math.min(portrait ? width / 600 : width / 1024, portrait ? height / 1024 : height / 600)

    readonly property ColourScheme light: ColourScheme {
        paper: "#f4f6f3"
        card: "#ffffff"
        motif: "#e6edeb"
        accentSoft: "#dcebec"
        sand: "#fbf1df"
        field: "#0d5867"
        line: "#cdd8d6"
        ink: "#17323a"
        quiet: "#4b626a"
        accent: "#0e5a6b"
        alarm: "#9a3412"
        bright: "#ffffff"
        fieldInk: "#fbfdfd"
        fieldQuiet: "#cfe4e7"
    }
    readonly property ColourScheme dark: ColourScheme {
        paper: "#10191c"
        card: "#1c292d"
        motif: "#223136"
        accentSoft: "#24464e"
        sand: "#2c2416"
        field: "#0f3a44"
        line: "#465a60"
        ink: "#eef4f3"
        quiet: "#b3c5c8"
        accent: "#86d3df"
        alarm: "#ffb48c"
        bright: "#08252b"
        fieldInk: "#f2f8f8"
        fieldQuiet: "#c3dade"
    }
    readonly property ColourScheme contrast: ColourScheme {
        paper: "#000000"
        card: "#000000"
        motif: "#333333"
        accentSoft: "#40400a"
        sand: "#000000"
        field: "#000000"
        line: "#ffffff"
        ink: "#ffffff"
        quiet: "#ffffff"
        accent: "#ffe500"
        alarm: "#ffb38a"
        bright: "#000000"
        fieldInk: "#ffe500"
        fieldQuiet: "#ffffff"
    }
    readonly property ColourScheme colours: scheme === "dark" ? dark : scheme === "contrast" ? contrast : light

    readonly property color paper: colours.paper
    readonly property color card: colours.card
    readonly property color motif: colours.motif
    readonly property color accentSoft: colours.accentSoft
    readonly property color sand: colours.sand
    readonly property color field: colours.field
    readonly property color line: colours.line
    readonly property color ink: colours.ink
    readonly property color quiet: colours.quiet
    readonly property color accent: colours.accent
    readonly property color alarm: colours.alarm
    readonly property color bright: colours.bright
    readonly property color fieldInk: colours.fieldInk
    readonly property color fieldQuiet: colours.fieldQuiet

    readonly property int margin: px(40)
    readonly property int gap: px(16)
    readonly property int radius: px(16)
    readonly property int target: px(60)
    readonly property int corner: Math.max(88, px(88))

    // No text is smaller.
    readonly property int smallest: Math.max(18, px(18))
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

    // Of the language in use.
    property string family: Application.font.family
    // Of bytes: every digit as wide as the next.
    readonly property string mono: "monospace"

    // Drawings in assets/icons have the colours of the light scheme; in another one each role's colour takes its place.
    readonly property string exchanged: scheme === "light" ? "" : ["ink", "quiet", "accent", "alarm", "bright", "paper", "sand", "field", "fieldInk"].map(role => hex(root.light[role]) + "-" + hex(root.colours[role])).join(",")

    function hex(colour: color): string {
        return colour.toString().slice(1);
    }

    // A share of the smallest window that is supported, 1024x600 (600x1024 upright).
    function px(size: real): int {
        return Math.round(size * unit);
    }

    // The width of an edge; what is chosen or held has a heavier one.
    function edge(heavy: bool): int {
        return Math.max(1, px(heavy ? 2 : 1)) + (scheme === "contrast" ? px(1) : 0);
    }

    // Above this nothing is pressed where buttons stand low. An arm from a wheelchair reaches up to some 1220 mm; a panel
    // of 32 inches whose lower edge is 800 mm above the floor has 55 hundredths of its height below that.
    function top(high: real): int {
        return low ? Math.round(0.45 * high) : 0;
    }

    // Where `x` of something `wide` is within `room`, counted from the side on which reading begins.
    function from(x: real, wide: real, room: real): real {
        return mirrored ? room - x - wide : x;
    }

    // A drawing of assets/icons in the colours of the scheme.
    function sign(name: string): string {
        return "image://signs/" + name + "/" + root.exchanged;
    }
}
