pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Models

// The platform's own page as a code, for whoever would rather rate later on a phone. It knows nothing of the visit.
Rectangle {
    id: root

    required property VisitViewModel visit
    required property ReceiptViewModel receipt

    readonly property bool offered: root.receipt.laterModules.side > 0

    visible: root.offered
    width: Math.max(code.implicitWidth, Theme.px(Theme.elder ? 240 : 190)) + Theme.px(24)
    height: code.implicitHeight + words.height + Theme.px(20)
    radius: Theme.radius
    color: Theme.card

    QrCode {
        id: code
        objectName: "laterCode"
        y: Theme.px(8)
        anchors.horizontalCenter: parent.horizontalCenter
        modules: root.receipt.laterModules
        dpi: root.receipt.dpi
        wanted: Theme.px(Theme.portrait ? 130 : 0)
        Accessible.name: words.text
    }

    Label {
        id: words
        x: Theme.px(12)
        y: code.y + code.height
        width: parent.width - 2 * x
        text: root.visit.words.rate_later
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        lineHeight: Theme.leading
        font.pixelSize: Theme.caption
    }
}
