import QtQuick
import QtQuick.VirtualKeyboard
import QtQuick.VirtualKeyboard.Styles
import "../../../../.."

// The keyboard in the colours and type of the screens.
KeyboardStyle {
    id: style

    keyboardDesignWidth: 2560
    keyboardDesignHeight: Theme.portrait ? 1180 : 640
    keyboardRelativeLeftMargin: 8 / keyboardDesignWidth
    keyboardRelativeRightMargin: 8 / keyboardDesignWidth
    keyboardRelativeTopMargin: 4 / keyboardDesignHeight
    keyboardRelativeBottomMargin: 8 / keyboardDesignHeight

    keyboardBackground: Rectangle {
        color: Theme.line
    }

    component Cap: Rectangle {
        property var key
        property bool special: false
        readonly property bool quiet: special || (key && key.functionKey === true)
        property string words: key ? key.displayText : ""
        property string sign

        anchors.fill: parent
        anchors.margins: Theme.px(3)
        radius: Theme.px(8)
        color: key && key.pressed ? Theme.accentSoft : quiet ? Theme.motif : Theme.card
        border.width: key && key.pressed ? Theme.px(2) : 0
        border.color: Theme.accent

        Text {
            anchors.centerIn: parent
            visible: parent.sign === ""
            text: parent.words
            color: Theme.ink
            opacity: parent.key && !parent.key.enabled ? 0.4 : 1
            font.pixelSize: text.length > 2 ? Theme.caption : Theme.px(Theme.elder ? 30 : 24)
            font.capitalization: parent.key && parent.key.uppercased ? Font.AllUppercase : Font.MixedCase
        }

        Image {
            anchors.centerIn: parent
            visible: parent.sign !== ""
            width: Theme.px(30)
            height: width
            sourceSize: Qt.size(width, height)
            source: parent.sign === "" ? "" : Theme.sign(parent.sign)
        }
    }

    keyPanel: KeyPanel {
        id: plain
        Cap {
            key: plain.control
        }
    }

    backspaceKeyPanel: KeyPanel {
        id: back
        Cap {
            key: back.control
            special: true
            sign: "backspace"
        }
    }

    enterKeyPanel: KeyPanel {
        id: enter
        Cap {
            key: enter.control
            special: true
            sign: "tick-dark"
        }
    }

    shiftKeyPanel: KeyPanel {
        id: shift
        Cap {
            key: shift.control
            special: !key.uppercased
            sign: "shift"
        }
    }

    spaceKeyPanel: KeyPanel {
        id: space
        Cap {
            key: space.control
            words: InputContext.locale.startsWith("zh") ? "中文" : "English"
        }
    }

    symbolKeyPanel: KeyPanel {
        id: symbol
        Cap {
            key: symbol.control
            special: true
        }
    }

    modeKeyPanel: KeyPanel {
        id: mode
        Cap {
            key: mode.control
            special: true
        }
    }

    languageKeyPanel: KeyPanel {
        id: language
        Cap {
            key: language.control
            special: true
        }
    }

    hideKeyPanel: KeyPanel {
        id: hide
        Cap {
            key: hide.control
            special: true
        }
    }

    handwritingKeyPanel: KeyPanel {
        id: handwriting
        Cap {
            key: handwriting.control
            special: true
        }
    }

    characterPreviewDelegate: Item {
        property string text
        property string flickLeft
        property string flickRight
        property string flickTop
        property string flickBottom
    }

    alternateKeysListItemWidth: Theme.px(64)
    alternateKeysListItemHeight: Theme.px(64)
    alternateKeysListDelegate: Item {
        id: alternative
        required property var model
        width: Theme.px(64)
        height: Theme.px(64)
        Text {
            anchors.centerIn: parent
            text: alternative.model.text
            color: Theme.ink
            font.pixelSize: Theme.px(26)
        }
    }
    alternateKeysListHighlight: Rectangle {
        color: Theme.accentSoft
        radius: Theme.px(8)
    }
    alternateKeysListBackground: Rectangle {
        color: Theme.card
        radius: Theme.px(8)
        border.width: Math.max(1, Theme.px(1))
        border.color: Theme.accent
    }

    selectionListHeight: Theme.px(Theme.elder ? 62 : 54)
    selectionListDelegate: SelectionListItem {
        id: candidate
        width: word.width + Theme.px(36)
        Text {
            id: word
            anchors.centerIn: parent
            text: candidate.display
            color: Theme.ink
            font.pixelSize: Theme.px(Theme.elder ? 30 : 24)
            font.bold: candidate.ListView.isCurrentItem
        }
        property string display: model.display // qmllint disable unqualified
        Rectangle {
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            width: Math.max(1, Theme.px(1))
            height: Math.round(parent.height * 0.4)
            color: Theme.line
        }
    }
    selectionListBackground: Rectangle {
        color: Theme.card
    }
    selectionListHighlight: Rectangle {
        color: Theme.accentSoft
    }

    navigationHighlight: Rectangle {
        color: "transparent"
        border.width: Theme.px(3)
        border.color: Theme.ink
    }
    popupListBackground: Rectangle {
        color: Theme.card
    }
    languageListBackground: Rectangle {
        color: Theme.card
    }
}
