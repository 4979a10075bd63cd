pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// Language and display for this visit. However many languages there are, each is named by itself; they scroll where they
// do not fit.
Item {
    id: root

    required property VisitViewModel visit
    required property ChoiceViewModel choice

    readonly property int wide: root.width - 2 * Theme.margin
    readonly property int columns: Theme.portrait ? 2 : 3
    readonly property int cell: Math.floor((root.wide + Theme.gap) / root.columns) - Theme.gap
    readonly property int cellHeight: Theme.px(Theme.elder && !Theme.low ? 76 : 62)
    readonly property int step: Theme.px(12)
    readonly property var switches: Theme.portrait ? ["large", "contrast", "low"] : ["large", "contrast"]

    Label {
        id: title
        objectName: "choiceTitle"
        x: Theme.margin
        y: Theme.low ? Theme.top(root.height) : Theme.px(Theme.portrait ? 60 : 28)
        width: root.wide
        text: root.visit.words.view_title
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.body
        font.pixelSize: Theme.px(Theme.elder ? 44 : 36)
        font.bold: true
    }

    Flickable {
        id: languages
        x: Theme.margin
        y: title.y + title.height + Theme.px(Theme.portrait && !Theme.low ? 36 : 14)
        width: root.wide
        height: Math.min(contentHeight, display.y - y - Theme.px(16))
        contentHeight: Math.ceil(root.choice.languages.length / root.columns) * (root.cellHeight + root.step) - root.step
        interactive: contentHeight > height
        boundsBehavior: Flickable.StopAtBounds
        clip: interactive

        Repeater {
            model: root.choice.languages

            ChoiceButton {
                id: language
                required property var modelData
                required property int index
                objectName: "language-" + language.modelData.code
                x: Theme.from((language.index % root.columns) * (root.cell + Theme.gap), width, root.wide)
                y: Math.floor(language.index / root.columns) * (root.cellHeight + root.step)
                width: root.cell
                height: root.cellHeight
                label: language.modelData.name
                checked: root.visit.language === language.modelData.code
                onTapped: root.choice.speak(language.modelData.code)
            }
        }
    }

    Label {
        id: display
        x: Theme.margin
        y: switches.y - height - Theme.px(8)
        width: root.wide
        text: root.visit.words.view_display
        color: Theme.quiet
        font.pixelSize: Theme.body
    }

    Item {
        id: switches
        x: Theme.margin
        y: done.y - height - Theme.px(Theme.portrait && !Theme.low ? 40 : 22)
        width: root.wide
        height: Math.ceil(root.switches.length / root.columns) * (root.cellHeight + root.step) - root.step

        Repeater {
            model: root.switches

            ChoiceButton {
                id: toggle
                required property string modelData
                required property int index
                objectName: "choice-" + toggle.modelData
                x: Theme.from((toggle.index % root.columns) * (root.cell + Theme.gap), width, root.wide)
                y: Math.floor(toggle.index / root.columns) * (root.cellHeight + root.step)
                width: root.cell
                height: root.cellHeight
                label: root.visit.words["view_" + toggle.modelData]
                checked: toggle.modelData === "large" ? Theme.elder : toggle.modelData === "contrast" ? Theme.scheme === "contrast" : Theme.low
                onTapped: root.choice.turnRound(toggle.modelData)
            }
        }
    }

    PlainButton {
        id: done
        objectName: "choiceDone"
        x: Theme.from(root.width - width - Theme.margin, width, root.width)
        y: root.height - height - Theme.px(22)
        width: Math.max(implicitWidth, Theme.px(170))
        label: root.visit.words.done
        textSize: Theme.body
        onTapped: root.choice.hide()
    }
}
