pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.VirtualKeyboard
import QtQuick.VirtualKeyboard.Settings

// Qt Virtual Keyboard with Pinyin and English. The only screen that needs it.
InputPanel {
    id: root

    required property WordsPage page

    visible: root.active && root.page.typing

    Binding {
        target: VirtualKeyboardSettings
        property: "locale"
        value: root.page.chinese ? "zh_CN" : "en_US"
    }

    Component.onCompleted: {
        VirtualKeyboardSettings.styleName = "kiosk";
        VirtualKeyboardSettings.activeLocales = ["zh_CN", "en_US"];
        VirtualKeyboardSettings.visibleFunctionKeys = QtVirtualKeyboard.KeyboardFunctionKeys.None;
        VirtualKeyboardSettings.wordCandidateList.alwaysVisible = true;
    }
}
