pragma ComponentBehavior: Bound
import QtQuick

// Text in the house's type. The family is the application's.
Text {
    color: Theme.ink
    font.pixelSize: Theme.body
    textFormat: Text.PlainText
}
