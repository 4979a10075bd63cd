pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The PIN pad, then the desk and what lies behind it. Covers everything; loaded when the manager comes, gone when they
// leave.
Rectangle {
    id: root

    required property DeskViewModel desk
    required property PinViewModel pin
    required property EvaluatorsViewModel evaluators
    required property LearnViewModel learning
    required property RestingViewModel rest
    required property SticksViewModel sticks

    readonly property bool behindDesk: root.desk.page === "balance" || root.desk.page === "evaluators" || root.desk.page === "test" || root.desk.page === "learn" || root.desk.page === "sticks"
    // How much of the upper edge the buttons on the right take.
    readonly property int taken: root.width - buttons.x + Theme.px(16)

    color: Theme.paper

    // Keeps touches from the screen below, and tells that somebody is there.
    TapHandler {
        id: handler
        gesturePolicy: TapHandler.ReleaseWithinBounds
        onPressedChanged: if (handler.pressed) root.desk.stir()
    }

    PinPad {
        objectName: "pinPad"
        anchors.fill: parent
        visible: root.desk.page === "pin" || root.desk.page === "learn" && root.learning.step === "adopt"
        pin: root.pin
        title: root.desk.words.pin_title
        clearLabel: root.desk.words.pin_clear
        enterLabel: root.desk.words.pin_enter
    }

    DeskPage {
        objectName: "deskPage"
        anchors.fill: parent
        visible: root.desk.page === "desk"
        taken: root.taken
        desk: root.desk
        rest: root.rest
        sticks: root.sticks
    }

    BalancePage {
        objectName: "balancePage"
        anchors.fill: parent
        visible: root.desk.page === "balance"
        taken: root.taken
        desk: root.desk
    }

    EvaluatorPage {
        objectName: "evaluatorPage"
        anchors.fill: parent
        visible: root.desk.page === "evaluators"
        taken: root.taken
        desk: root.desk
        evaluators: root.evaluators
    }

    KeyTestPage {
        objectName: "keyTestPage"
        anchors.fill: parent
        visible: root.desk.page === "test"
        taken: root.taken
        desk: root.desk
        evaluators: root.evaluators
    }

    LearnPage {
        objectName: "learnPage"
        anchors.fill: parent
        visible: root.desk.page === "learn" && root.learning.step !== "adopt"
        taken: root.taken
        desk: root.desk
        learning: root.learning
    }

    SticksPage {
        objectName: "sticksPage"
        anchors.fill: parent
        visible: root.desk.page === "sticks"
        taken: root.taken
        desk: root.desk
        sticks: root.sticks
    }

    Row {
        id: buttons
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        y: Theme.px(22)
        spacing: Theme.px(12)

        PlainButton {
            objectName: "deskBack"
            visible: root.behindDesk
            textSize: Theme.deskText
            label: root.desk.words.back
            onTapped: root.desk.page === "test" || root.desk.page === "learn" ? root.desk.showEvaluators() : root.desk.showDesk()
        }

        PlainButton {
            objectName: "deskClose"
            textSize: Theme.deskText
            label: root.desk.words.close
            onTapped: root.desk.close()
        }
    }
}
