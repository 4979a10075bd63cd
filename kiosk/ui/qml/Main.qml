pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The one window. Which screen shows is the view model's word; all of them stand ready, so that a turn costs one frame.
Window {
    id: root

    required property VisitViewModel visit
    required property DeskViewModel desk
    property bool elder: false
    property int patience: 400
    property bool closable: true

    color: Theme.paper
    title: root.visit.hall

    onClosing: close => close.accepted = root.closable

    Binding {
        target: Theme
        property: "width"
        value: root.width
    }
    Binding {
        target: Theme
        property: "height"
        value: root.height
    }
    Binding {
        target: Theme
        property: "elder"
        value: root.elder
    }
    Binding {
        target: Theme
        property: "patience"
        value: root.patience
    }

    // Behind the manager's pages nothing shows and nothing answers.
    Item {
        anchors.fill: parent
        visible: root.desk.page === "shut"

        StandbyScreen {
            objectName: "standby"
            anchors.fill: parent
            visible: root.visit.screen === "standby"
            visit: root.visit
        }

        RatingScreen {
            objectName: "rating"
            anchors.fill: parent
            visible: root.visit.facesShown
            visit: root.visit
        }

        MessageScreen {
            objectName: "thanks"
            anchors.fill: parent
            visible: root.visit.screen === "thanking"
            color: Theme.accent
            sign: Qt.resolvedUrl("../../../assets/icons/recorded.svg")
            headline: root.visit.words.thanks_headline
            detail: root.visit.receipt
            tone: Theme.bright
            detailTone: Theme.brightQuiet
        }

        MessageScreen {
            objectName: "apology"
            anchors.fill: parent
            visible: root.visit.screen === "apologising"
            color: Theme.sand
            sign: Qt.resolvedUrl("../../../assets/icons/not-recorded.svg")
            headline: root.visit.words.apology_headline
        }

        MessageScreen {
            objectName: "paused"
            anchors.fill: parent
            visible: root.visit.screen === "paused"
            color: Theme.paper
            sign: Qt.resolvedUrl("../../../assets/icons/paused.svg")
            headline: root.visit.words.paused_headline
            detail: root.visit.note
        }
    }

    ManagerCorner {
        anchors.top: parent.top
        anchors.right: parent.right
        visible: root.visit.atRest && root.desk.page === "shut"
        visit: root.visit
    }

    Loader {
        anchors.fill: parent
        active: root.desk.page !== "shut"
        sourceComponent: ManagerPages {
            desk: root.desk
        }
    }
}
