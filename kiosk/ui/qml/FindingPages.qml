pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// A terminal while nothing is rated there: from its start to what is to be rated. A page is made when it is first met.
Item {
    id: root

    required property VisitViewModel visit
    required property FindingViewModel finding
    required property ChoiceViewModel choice

    Rings {
        anchors.fill: parent
        visible: !["number", "code", "choose"].includes(root.finding.page)
    }

    FindingStart {
        objectName: "findingStart"
        anchors.fill: parent
        visible: root.finding.page === "start" && !root.choice.shown
        visit: root.visit
        finding: root.finding
        onChoose: root.choice.show()
    }

    Loader {
        anchors.fill: parent
        active: root.finding.page === "start" && root.choice.shown
        sourceComponent: ChoicePage {
            visit: root.visit
            choice: root.choice
        }
    }

    Loader {
        anchors.fill: parent
        active: root.finding.page === "scan"
        sourceComponent: FindingScan {
            objectName: "findingScan"
            visit: root.visit
            finding: root.finding
        }
    }

    Loader {
        anchors.fill: parent
        active: root.finding.page === "number" || root.finding.page === "code"
        sourceComponent: FindingNumber {
            objectName: "findingNumber"
            visit: root.visit
            finding: root.finding
        }
    }

    Loader {
        anchors.fill: parent
        active: root.finding.page === "choose"
        sourceComponent: FindingList {
            objectName: "findingList"
            visit: root.visit
            finding: root.finding
        }
    }

    Loader {
        anchors.fill: parent
        active: root.finding.page === "confirm"
        sourceComponent: FindingConfirm {
            objectName: "findingConfirm"
            visit: root.visit
            finding: root.finding
        }
    }

    Loader {
        anchors.fill: parent
        active: root.finding.page === "wait" || root.finding.page === "refused"
        sourceComponent: FindingMessage {
            objectName: "findingMessage"
            visit: root.visit
            finding: root.finding
        }
    }
}
