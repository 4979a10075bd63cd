pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The one window. Which screen shows is the view model's word. All of them stand ready once the first frame has been
// shown, so that a turn costs one frame.
Window {
    id: root

    required property VisitViewModel visit
    required property DetailsViewModel details
    required property ReceiptViewModel receipt
    required property ChoiceViewModel choice
    required property ClerkCardViewModel card
    required property RestingViewModel rest
    required property FindingViewModel finding
    // The models of the manager's pages, by name. They and their types are loaded after the first frame.
    property var manager: null
    readonly property string managed: root.manager ? root.manager.desk.page : "shut"
    property bool elder: false
    property string scheme: "light"
    property bool low: false
    property bool calm: false
    property int patience: 400
    property int guard: 500
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
        value: root.elder !== root.choice.large
    }
    Binding {
        target: Theme
        property: "scheme"
        value: root.choice.contrast ? (root.scheme === "contrast" ? "light" : "contrast") : root.scheme
    }
    Binding {
        target: Theme
        property: "low"
        value: root.low !== root.choice.low && root.height > root.width
    }
    Binding {
        target: Theme
        property: "mirrored"
        value: root.visit.rightToLeft && root.managed === "shut"
    }
    Binding {
        target: Theme
        property: "family"
        value: root.visit.family
    }
    Binding {
        target: Theme
        property: "calm"
        value: root.calm
    }
    Binding {
        target: Theme
        property: "patience"
        value: root.patience
    }
    Binding {
        target: Theme
        property: "guard"
        value: root.guard
    }

    // A key that was reached with Tab is left with its screen: no Enter presses what comes next.
    Item {
        id: nowhere
        Keys.onPressed: event => {
            event.accepted = [Qt.Key_Down, Qt.Key_Up, Qt.Key_Left, Qt.Key_Right].includes(event.key);
            if (event.accepted)
                nowhere.nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason);
        }
    }
    readonly property string shown: root.visit.turn + root.visit.screen + root.details.page + root.finding.page + root.choice.shown + root.managed
    onShownChanged: nowhere.forceActiveFocus()
    onManagerChanged: pages.setSource("ManagerPages.qml", Object.assign({
        rest: root.rest
    }, root.manager))

    // What comes after a press is made when nobody waits for the first frame any more.
    property bool settled: false
    Timer {
        id: settling
        interval: 1
        onTriggered: root.settled = true
    }
    Connections {
        target: root
        enabled: !root.settled
        function onFrameSwapped() {
            settling.start();
        }
    }

    // Behind the manager's pages, a slide or a cleaning nothing shows and nothing answers.
    Item {
        x: root.visit.atRest ? root.rest.driftX : 0
        y: root.visit.atRest ? root.rest.driftY : 0
        width: root.width
        height: root.height
        visible: root.managed === "shut" && root.rest.slide === "" && !root.rest.cleaning
        LayoutMirroring.enabled: Theme.mirrored
        LayoutMirroring.childrenInherit: true

        StandbyScreen {
            objectName: "standby"
            anchors.fill: parent
            visible: root.visit.screen === "standby"
            visit: root.visit
            receipt: root.receipt
            card: root.card
        }

        Loader {
            anchors.fill: parent
            active: root.finding.ways.length > 0
            visible: root.visit.screen === "finding"
            sourceComponent: FindingPages {
                objectName: "finding"
                visit: root.visit
                finding: root.finding
                choice: root.choice
            }
        }

        RatingScreen {
            objectName: "rating"
            anchors.fill: parent
            visible: root.visit.facesShown
            visit: root.visit
            details: root.details
            choice: root.choice
        }

        Loader {
            anchors.fill: parent
            active: root.settled || root.details.page === "reasons"
            visible: root.details.page === "reasons"
            sourceComponent: ReasonsPage {
                objectName: "reasons"
                visit: root.visit
                details: root.details
            }
        }

        Loader {
            anchors.fill: parent
            active: root.settled || root.details.page === "questions"
            visible: root.details.page === "questions"
            sourceComponent: QuestionsPage {
                objectName: "questions"
                visit: root.visit
                details: root.details
            }
        }

        Loader {
            anchors.fill: parent
            active: root.details.page === "words"
            sourceComponent: WordsPage {
                objectName: "wordsPage"
                visit: root.visit
                details: root.details
            }
        }

        Loader {
            anchors.fill: parent
            active: root.settled || root.visit.screen === "thanking"
            visible: root.visit.screen === "thanking"
            sourceComponent: ThanksScreen {
                objectName: "thanks"
                visit: root.visit
                details: root.details
                receipt: root.receipt
            }
        }

        MessageScreen {
            objectName: "apology"
            anchors.fill: parent
            visible: root.visit.screen === "apologising"
            color: Theme.sand
            sign: "not-recorded"
            headline: root.visit.words.apology_headline
            aside: later.offered && !Theme.portrait ? later.width + Theme.margin : 0

            RateLater {
                id: later
                x: Theme.portrait ? Math.round((parent.width - width) / 2) : Theme.from(parent.width - width - Theme.margin, width, parent.width)
                y: Theme.portrait ? parent.height - height - Theme.px(70) : Math.round((parent.height - height) / 2)
                visit: root.visit
                receipt: root.receipt
            }
        }

        MessageScreen {
            objectName: "paused"
            anchors.fill: parent
            visible: root.visit.screen === "paused"
            color: Theme.paper
            sign: "paused"
            headline: root.visit.words.paused_headline
            detail: root.visit.note
        }
    }

    Loader {
        x: Theme.from(Theme.margin, width, root.width)
        y: root.height - height - Theme.px(22)
        active: root.visit.oneFinger
        sourceComponent: OneFinger {
            visit: root.visit
        }
    }

    Loader {
        anchors.fill: parent
        active: root.rest.slide !== "" && root.managed === "shut"
        sourceComponent: SlideScreen {
            objectName: "slides"
            visit: root.visit
            rest: root.rest
        }
    }

    ManagerCorner {
        anchors.top: parent.top
        anchors.right: parent.right
        visible: root.visit.atRest && root.managed === "shut"
        visit: root.visit
    }

    Loader {
        id: pages
        anchors.fill: parent
        active: root.managed !== "shut"
    }

    Loader {
        anchors.fill: parent
        active: root.rest.cleaning
        sourceComponent: CleaningScreen {
            objectName: "cleaning"
            visit: root.visit
            rest: root.rest
        }
    }
}
