import QtQuick
import Kiosk.Models

// What the manager can do from the desk: the pages behind it, and what happens at once.
Flow {
    id: root

    required property DeskViewModel desk
    required property RestingViewModel rest
    required property SticksViewModel sticks

    spacing: Theme.px(12)

    PlainButton {
        objectName: "deskBalance"
        visible: root.desk.balance.length > 0
        textSize: Theme.deskText
        label: root.desk.words.balance
        onTapped: root.desk.showBalance()
    }

    PlainButton {
        objectName: "deskEvaluators"
        textSize: Theme.deskText
        label: root.desk.words.evaluators
        onTapped: root.desk.showEvaluators()
    }

    PlainButton {
        objectName: "deskSticks"
        visible: root.sticks.there
        textSize: Theme.deskText
        label: root.desk.words.sticks
        onTapped: root.desk.showSticks()
    }

    PlainButton {
        objectName: "sendNow"
        visible: root.desk.maySend
        textSize: Theme.deskText
        label: root.desk.words.send_now
        onTapped: root.desk.sendNow()
    }

    PlainButton {
        objectName: "deskClean"
        textSize: Theme.deskText
        label: root.desk.words.clean
        onTapped: {
            root.rest.clean();
            root.desk.close();
        }
    }
}
