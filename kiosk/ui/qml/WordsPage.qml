pragma ComponentBehavior: Bound
import QtQuick

// Words and a contact for the reply. Made when it opens and gone with all that was typed when it closes. While somebody
// types, only the field that is typed into stands above the keyboard.
DetailsFrame {
    id: root

    title: root.visit.words.words_title
    goOnLabel: root.visit.words.send
    keyboardHeight: root.inputMethod.visible && (words.writing || contactName.writing || contactPhone.writing) ? keyboard.height : 0
    Component.onCompleted: root.inputMethod.hide()
    onWentOn: root.details.giveWords(words.text, contactName.text, contactPhone.text)

    aboveRoom: notice.height

    readonly property var inputMethod: Qt.inputMethod
    // Which language the keyboard writes.
    property bool chinese: root.visit.chinese

    readonly property int line: Theme.px(Theme.elder ? 64 : 60)
    readonly property int step: Theme.px(12)
    readonly property bool contacts: root.details.asksName || root.details.asksPhone
    readonly property bool abreast: root.details.asksName && root.details.asksPhone && !Theme.portrait
    readonly property int contactsHeight: !root.contacts ? 0
        : (root.line + root.step) * (root.details.asksName && root.details.asksPhone && !root.abreast ? 2 : 1)

    function ended(): void {
        root.inputMethod.hide();
        root.forceActiveFocus();
    }

    WritingField {
        id: words
        objectName: "words"
        parent: root.room
        visible: root.details.wordsLimit > 0 && (!root.typing || words.writing)
        width: root.room.width
        height: root.typing ? writingTools.y - root.step
            : root.room.height - root.contactsHeight - (Theme.low ? 0 : notice.height + root.step)
        severalLines: true
        hint: root.visit.words.words_hint
        limit: root.details.wordsLimit
        deaf: root.deaf
        onWritten: root.details.touch()
        onEnded: root.ended()
    }

    WritingField {
        id: contactName
        objectName: "contactName"
        parent: root.room
        visible: root.details.asksName && (!root.typing || contactName.writing)
        x: Theme.from(0, width, root.room.width)
        y: root.typing ? 0 : words.visible ? words.height + root.step : 0
        width: root.abreast && !root.typing ? Math.floor((root.room.width - root.step) / 2) : root.room.width
        height: root.line
        hint: root.visit.words.contact_name
        limit: 40
        deaf: root.deaf
        onWritten: root.details.touch()
        onEnded: root.ended()
    }

    WritingField {
        id: contactPhone
        objectName: "contactPhone"
        parent: root.room
        visible: root.details.asksPhone && (!root.typing || contactPhone.writing)
        x: root.abreast && !root.typing ? Theme.from(contactName.width + root.step, width, root.room.width) : 0
        y: root.typing ? 0 : root.abreast || !root.details.asksName ? contactName.y : contactName.y + root.line + root.step
        width: root.abreast && !root.typing ? root.room.width - contactName.width - root.step : root.room.width
        height: root.line
        hint: root.visit.words.contact_phone
        limit: 20
        hints: Qt.ImhDialableCharactersOnly
        deaf: root.deaf
        onWritten: root.details.touch()
        onEnded: root.ended()
    }

    Label {
        id: count
        objectName: "wordsCount"
        parent: root.room
        z: 1
        visible: words.visible
        // While somebody types there is room beside the tools.
        x: Theme.from(root.typing ? 0 : root.room.width - width - Theme.px(16), width, root.room.width)
        y: root.typing ? writingTools.y + Math.round((writingTools.height - height) / 2) : words.y + words.height - height - Theme.px(6)
        text: words.length + " / " + root.details.wordsLimit
        color: words.length >= root.details.wordsLimit ? Theme.alarm : Theme.quiet
        font.pixelSize: Theme.caption
    }

    Label {
        id: notice
        objectName: "notice"
        parent: root.room
        visible: !root.typing
        y: Theme.low ? -height - Theme.px(8) : parent.height - height
        width: parent.width
        text: root.visit.words.words_notice + (root.contacts ? "\n" + root.details.notice : "")
        color: Theme.quiet
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.caption
    }

    Item {
        id: writingTools
        parent: root.room
        visible: root.typing
        y: parent.height - height
        width: parent.width
        height: Theme.target

        PlainButton {
            id: hide
            objectName: "keyboardHide"
            anchors.right: parent.right
            height: parent.height
            label: root.visit.words.keyboard_hide
            onTapped: root.ended()
        }

        PlainButton {
            objectName: "keyboardLanguage"
            anchors.right: hide.left
            anchors.rightMargin: root.step
            height: parent.height
            label: root.visit.words.keyboard_language
            onTapped: root.chinese = !root.chinese
        }
    }

    Loader {
        id: keyboard
        objectName: "keyboard"
        parent: root
        y: root.height - height
        width: root.width
        Component.onCompleted: keyboard.setSource(Qt.resolvedUrl("KeyboardPanel.qml"), {
            page: root
        })
    }
}
