import OrreryReports
import Testing

@Suite struct LabelPlacerTests {
  let frame = Box(x: 0, y: 0, width: 100, height: 100)

  @Test func prefersTheFirstFreePlace() {
    var placer = LabelPlacer(frame: frame)
    let first = Box(x: 10, y: 10, width: 20, height: 10)
    #expect(placer.place([first, Box(x: 50, y: 50, width: 20, height: 10)]) == first)
  }

  @Test func avoidsLabelsDataAndTheEdge() {
    var placer = LabelPlacer(frame: frame)
    placer.occupy(Box(x: 0, y: 0, width: 30, height: 30))
    placer.data = [(60, 60), (62, 61)]
    let candidates = [
      Box(x: 90, y: 50, width: 20, height: 10), Box(x: 20, y: 20, width: 20, height: 10),
      Box(x: 50, y: 55, width: 20, height: 10), Box(x: 50, y: 80, width: 20, height: 10),
    ]
    #expect(placer.place(candidates) == candidates[3])
    // The place is taken now.
    #expect(placer.place(candidates) == candidates[2])
    #expect(placer.occupied.count == 3)
  }

  @Test func labelsOfOnePlotDoNotOverlap() {
    let marks = (0..<6).map { index in
      PlotLayer.mark("network \(index)", x: 1 + 0.3 * Double(index % 3), y: 1 + 0.2 * Double(index / 3))
    }
    let plot = Plot(x: PlotAxis("x", range: 0...3), y: PlotAxis("y", range: 0...3), layers: marks)
    let boxes = MarkupTree(plot.svg()).all("l").map { label in
      let width = InlineText(verbatim: label.allText).width(fontSize: 12)
      return Box(x: label.number("x") - width / 2, y: label.number("y") - 11.5, width: width, height: 14)
    }
    #expect(boxes.count == 6)
    for (index, box) in boxes.enumerated() {
      #expect(boxes[..<index].allSatisfy { $0.overlap(box) < 1 })
    }
  }

  @Test func overlapIsTheSharedArea() {
    let box = Box(x: 0, y: 0, width: 10, height: 10)
    #expect(box.overlap(Box(x: 5, y: 8, width: 10, height: 10)) == 10)
    #expect(box.overlap(Box(x: 10, y: 0, width: 10, height: 10)) == 0)
    #expect(box.insetBy(2) == Box(x: 2, y: 2, width: 6, height: 6))
  }
}
