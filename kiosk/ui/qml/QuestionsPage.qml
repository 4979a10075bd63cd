pragma ComponentBehavior: Bound
import QtQuick

// The second-level questions, in the order of the profile: any of them, or none.
DetailsFrame {
    id: root

    title: root.visit.words.questions_title
    note: root.visit.words.questions_note
    goOnLabel: root.visit.words.go_on
    onWentOn: root.details.giveAnswers()

    readonly property int count: Math.max(1, root.details.questions.length)
    readonly property int step: Theme.px(14)
    readonly property int lowest: Theme.target + (Theme.portrait ? Theme.px(Theme.elder ? 52 : 40) : 0)
    readonly property int rowHeight: Math.max(root.lowest, Math.min(Theme.px(Theme.portrait ? 160 : 96), Math.floor((root.room.height - (root.count - 1) * root.step) / root.count)))
    readonly property int answersX: Theme.portrait ? 0 : Math.round(root.room.width * 0.36)

    // Moves only where a province asks more than fits.
    Flickable {
        parent: root.room
        anchors.fill: parent
        contentHeight: root.count * (root.rowHeight + root.step) - root.step
        interactive: contentHeight > height
        boundsBehavior: Flickable.StopAtBounds
        clip: interactive

        Repeater {
            model: root.details.questions

            Item {
                id: row
                required property var modelData
                required property int index

                readonly property var answers: row.modelData.answers
                readonly property int given: root.details.answers[row.modelData.id] ?? 0
                readonly property int answerWidth: Math.floor((width - root.answersX + Theme.px(10)) / row.answers.length) - Theme.px(10)

                y: row.index * (root.rowHeight + root.step)
                width: root.room.width
                height: root.rowHeight

                Label {
                    id: question
                    x: Theme.from(0, width, row.width)
                    width: Theme.portrait ? parent.width : root.answersX - Theme.gap
                    text: row.modelData.text
                    height: Theme.portrait ? Theme.px(Theme.elder ? 46 : 34) : row.height
                    verticalAlignment: Text.AlignVCenter
                    fontSizeMode: Text.Fit
                    minimumPixelSize: Theme.smallest
                    wrapMode: Text.Wrap
                    lineHeight: Theme.leading
                    font.pixelSize: Theme.body
                }

                Repeater {
                    model: row.answers

                    AnswerButton {
                        id: answer
                        required property var modelData
                        required property int index

                        objectName: "answer-" + row.modelData.id + "-" + answer.value
                        // From the least to the most on the same side in every language, as the faces are.
                        x: (Theme.mirrored ? 0 : root.answersX) + answer.index * (width + Theme.px(10))
                        y: Theme.portrait ? question.height + Theme.px(6) : 0
                        width: row.answerWidth
                        height: row.height - y
                        value: answer.modelData.value
                        words: answer.modelData.text
                        given: row.given
                        label: row.modelData.text + " " + (answer.words === "" ? answer.value + " ★" : answer.words)
                        deaf: root.deaf
                        onTapped: root.details.answer(row.modelData.id, answer.value)
                    }
                }
            }
        }
    }
}
