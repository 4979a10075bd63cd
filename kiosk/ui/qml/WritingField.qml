pragma ComponentBehavior: Bound
import QtQuick

// Takes text from the keyboard on the glass alone. No key of a keyboard or box types into it, nothing is copied from it
// or pasted into it, and no keyboard learns a word of it.
Rectangle {
    id: root

    required property string hint
    required property int limit
    property bool severalLines: false
    property int hints: Qt.ImhNone
    // For a moment after the page has turned.
    property bool deaf: false
    readonly property string text: edit.text
    readonly property int length: edit.length + edit.preeditText.length
    readonly property bool writing: edit.activeFocus

    signal written
    signal ended

    radius: Theme.px(12)
    color: Theme.card
    border.width: Theme.edge(edit.activeFocus)
    border.color: edit.activeFocus ? Theme.accent : Theme.quiet

    Flickable {
        id: view
        x: Theme.px(16)
        y: Theme.px(root.severalLines ? 10 : 0)
        width: parent.width - 2 * x
        height: parent.height - 2 * y
        contentWidth: root.severalLines ? width : Math.max(width, edit.contentWidth + Theme.px(4))
        contentHeight: root.severalLines ? Math.max(height, edit.contentHeight) : height
        interactive: contentHeight > height
        clip: true

        TextEdit {
            id: edit
            objectName: root.objectName + "Edit"
            width: view.contentWidth
            height: view.contentHeight
            enabled: !root.deaf
            activeFocusOnTab: true
            color: Theme.ink
            font.pixelSize: Theme.body
            textFormat: TextEdit.PlainText
            wrapMode: root.severalLines ? TextEdit.Wrap : TextEdit.NoWrap
            verticalAlignment: root.severalLines ? TextEdit.AlignTop : TextEdit.AlignVCenter
            selectByMouse: false
            inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase | root.hints
            Accessible.role: Accessible.EditableText
            Accessible.name: root.hint

            onTextChanged: {
                if (edit.length > root.limit)
                    edit.remove(root.limit, edit.length);
                root.written();
            }
            onPreeditTextChanged: root.written()
            onCursorRectangleChanged: view.follow(edit.cursorRectangle)

            Keys.priority: Keys.BeforeItem
            Keys.onPressed: event => {
                event.accepted = true;
                if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Escape)
                    root.ended();
                else if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab) {
                    // First what had given way to the keyboard comes back: the next field is among it.
                    root.ended();
                    edit.nextItemInFocusChain(event.key === Qt.Key_Tab).forceActiveFocus(Qt.TabFocusReason);
                } else
                    event.accepted = false;
            }
        }

        function follow(cursor: rect): void {
            if (cursor.y + cursor.height > view.contentY + view.height)
                view.contentY = cursor.y + cursor.height - view.height;
            else if (cursor.y < view.contentY)
                view.contentY = cursor.y;
            if (cursor.x + cursor.width > view.contentX + view.width)
                view.contentX = cursor.x + cursor.width - view.width;
            else if (cursor.x < view.contentX)
                view.contentX = cursor.x;
        }
    }

    Label {
        x: view.x
        y: root.severalLines ? view.y : Math.round((root.height - height) / 2)
        width: view.width
        visible: root.length === 0
        text: root.hint
        spoken: false
        color: Theme.quiet
        elide: Text.ElideRight
        font.pixelSize: Theme.body
    }
}
