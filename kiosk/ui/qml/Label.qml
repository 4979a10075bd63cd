pragma ComponentBehavior: Bound
import QtQuick

// Text in the house's type. The family is the application's.
Text {
    // What a button says is read out with the button.
    property bool spoken: true

    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.body
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: !spoken || text === ""
}
