pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// How long the faces still wait. Moves by whole pixels, so that a still screen is not painted again and again.
Rectangle {
    id: root

    required property VisitViewModel visit
    property real share: 0

    color: Theme.motif
    visible: root.visit.screen === "asking"

    Rectangle {
        width: Math.round(root.width * root.share)
        height: root.height
        color: Theme.accent
        opacity: 0.55
    }

    function follow(): void {
        run.stop();
        run.from = root.visit.openShare;
        run.duration = root.visit.closesInMs;
        if (run.duration > 0)
            run.start();
    }

    Component.onCompleted: root.follow()

    Connections {
        target: root.visit
        function onClosingChanged(): void {
            root.follow();
        }
    }

    NumberAnimation {
        id: run
        target: root
        property: "share"
        to: 0
    }
}
